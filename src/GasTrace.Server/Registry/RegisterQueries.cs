using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Errors;
using GasTrace.Server.Filling;
using GasTrace.Server.Hosting;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Server.Registry;

/// <summary>What the register says. Single things come from their cards, lists from the projections, which run a little behind.</summary>
public sealed class RegisterQueries(
    CardCache cache, ILedgerStore store, IProjectionStore projections, PermitSigner signer, IReadOnlyList<CodeFormat> formats, TimeProvider time)
{
    // Behind every id: they are capital letters and digits.
    private const string BehindAllIds = "~";

    /// <summary>A terminal's key.</summary>
    public async Task<EnrolTerminalResponse> EnrolTerminalAsync(EnrolTerminalRequest request, CancellationToken cancellationToken)
    {
        await RequireAsync<Terminal>(CardKey.Terminal(request.TerminalId), "terminal_id", request.TerminalId, new("终端", "terminal"), cancellationToken);
        return new EnrolTerminalResponse { PermitKey = ByteString.CopyFrom(signer.KeyOf(request.TerminalId)) };
    }

    /// <summary>The limits, defaults and changes.</summary>
    public async Task<ListLimitsResponse> ListLimitsAsync(ListLimitsRequest request, CancellationToken cancellationToken)
    {
        var changes = (await CardAsync(CardKey.Limits, cancellationToken)).State as LimitsCard;
        var response = new ListLimitsResponse();
        response.Limits.Add(LimitDefaults.All.Values.Concat(changes?.Limits ?? [])
            .OrderBy(limit => limit.Name, StringComparer.Ordinal).ThenBy(limit => limit.ValidFrom.ToDay()));
        return response;
    }

    /// <summary>A cylinder by id, code or alias.</summary>
    public async Task<GetCylinderResponse> GetCylinderAsync(GetCylinderRequest request, CancellationToken cancellationToken)
    {
        var cylinderId = request.ByCase switch
        {
            GetCylinderRequest.ByOneofCase.CylinderId => request.CylinderId,
            GetCylinderRequest.ByOneofCase.Scanned => await FindAsync(request.Scanned, cancellationToken),
            _ => throw new RejectedException(Rejection.Invalid("by", string.Empty, new("必填：cylinder_id 或 scanned", "must be given: cylinder_id or scanned"))),
        };
        RejectedException.ThrowIf(Must.BeId("cylinder_id", cylinderId));

        var card = await CardAsync(CardKey.Cylinder(cylinderId), cancellationToken);
        return card.State is CylinderCard state
            ? new GetCylinderResponse { Cylinder = state.Cylinder, Version = card.Version }
            : throw new RejectedException(Rejection.NotFound("cylinder_id", cylinderId, new("气瓶", "cylinder")));
    }

    /// <summary>A station.</summary>
    public async Task<GetStationResponse> GetStationAsync(GetStationRequest request, CancellationToken cancellationToken) => new()
    {
        Station = await RequireAsync<Station>(CardKey.Station(request.StationId), "station_id", request.StationId, new("充装站", "station"), cancellationToken),
    };

    /// <summary>A terminal.</summary>
    public async Task<GetTerminalResponse> GetTerminalAsync(GetTerminalRequest request, CancellationToken cancellationToken) => new()
    {
        Terminal = await RequireAsync<Terminal>(CardKey.Terminal(request.TerminalId), "terminal_id", request.TerminalId, new("终端", "terminal"), cancellationToken),
    };

    /// <summary>An operator.</summary>
    public async Task<GetOperatorResponse> GetOperatorAsync(GetOperatorRequest request, CancellationToken cancellationToken) => new()
    {
        Operator = await RequireAsync<Operator>(CardKey.Operator(request.OperatorId), "operator_id", request.OperatorId, new("充装人员", "operator"), cancellationToken),
    };

    /// <summary>A gas batch.</summary>
    public async Task<GetGasBatchResponse> GetGasBatchAsync(GetGasBatchRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.BeId("station_id", request.StationId));

        var key = CardKey.GasBatch(request.StationId, request.GasBatchId);
        return new GetGasBatchResponse
        {
            GasBatch = await RequireAsync<GasBatch>(key, "gas_batch_id", request.GasBatchId, new("该站的气源批次", "gas batch of this station"), cancellationToken),
        };
    }

    /// <summary>A page of cylinders.</summary>
    public async Task<ListCylindersResponse> ListCylindersAsync(ListCylindersRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.SizeOf(request.PageSize);
        RejectedException.ThrowIf(Must.All(
            Must.BeIdOrEmpty("unit_id", request.UnitId), Must.BeIdOrEmpty("maker", request.Maker), Must.BeIdOrEmpty("model", request.Model),
            Must.BeIdOrEmpty("page_token", request.PageToken)));
        var (ids, lookedAtThrough) = await FindCylindersAsync(new CylinderQuery(request.UnitId, request.Maker, request.Model), request.PageToken, size, cancellationToken);
        var response = new ListCylindersResponse { NextPageToken = ids.Count == size ? ids[^1] : lookedAtThrough ?? string.Empty };
        foreach (var card in await cache.RefreshAsync([.. ids.Select(CardKey.Cylinder)], cancellationToken))
        {
            response.Cylinders.Add(((CylinderCard)card.State!).Cylinder);
        }

        return response;
    }

    // By its unit a cylinder is found at once. By maker and model it is looked for stretch by stretch, and not for long: the register
    // may hold millions, and none of them.
    private async Task<(List<string> Ids, string? LookedAtThrough)> FindCylindersAsync(CylinderQuery query, string afterId, int size, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var isLookedFor = query.Maker.Length > 0 || query.Model.Length > 0;
        List<string> ids = [];
        do
        {
            var through = isLookedFor ? await projections.SkipCylindersAsync(query.UnitId, afterId, ServerLimits.ListStretchCylinders, cancellationToken) : null;
            ids.AddRange(await projections.ListCylindersAsync(query, afterId, through ?? BehindAllIds, size - ids.Count, cancellationToken));
            if (through is null)
            {
                return (ids, null);
            }

            afterId = through;
        }
        while (ids.Count < size && time.GetElapsedTime(began) < ServerLimits.SearchTimeMax);
        return (ids, afterId);
    }

    /// <summary>A page of stations.</summary>
    public async Task<ListStationsResponse> ListStationsAsync(ListStationsRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.SizeOf(request.PageSize);
        RejectedException.ThrowIf(Must.All(Paging.BeRegionPrefix("region_prefix", request.RegionPrefix), Must.BeIdOrEmpty("page_token", request.PageToken)));
        var ids = await projections.ListStationsAsync(request.RegionPrefix, request.PageToken, size, cancellationToken);
        var response = new ListStationsResponse { NextPageToken = ids.Count == size ? ids[^1] : string.Empty };
        foreach (var card in await cache.RefreshAsync([.. ids.Select(CardKey.Station)], cancellationToken))
        {
            response.Stations.Add((Station)card.State!);
        }

        return response;
    }

    /// <summary>A page of a cylinder's history.</summary>
    public async Task<GetHistoryResponse> GetHistoryAsync(GetHistoryRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.SizeOf(request.PageSize);
        var from = Paging.PositionOf(request.PageToken, 0);
        await RequireAsync<CylinderCard>(CardKey.Cylinder(request.CylinderId), "cylinder_id", request.CylinderId, new("气瓶", "cylinder"), cancellationToken);
        var positions = await projections.HistoryAsync(request.CylinderId, from, size, cancellationToken);
        var response = new GetHistoryResponse { NextPageToken = positions.Count == size ? Paging.TokenOf(positions[^1] + 1) : string.Empty };
        response.Entries.Add(await Paging.EntriesAsync(store, positions, cancellationToken));
        return response;
    }

    private async Task<string> FindAsync(string scanned, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.BeAtMost("scanned", scanned, Must.PayloadLengthMax));
        var reading = CodeReading.Read(scanned, formats);
        var text = AliasText.Normalise(scanned);
        CardKey[] keys = reading.Outcome == ReadingOutcome.Readable
            ? [CardKey.Alias(reading.Kind, reading.Value)]
            : text.Length > Must.IdLengthMax ? []
            : [CardKey.Alias(AliasKind.Rfid, text), CardKey.Alias(AliasKind.Registration, text), CardKey.Alias(AliasKind.StampedNumber, text)];
        foreach (var key in keys)
        {
            if ((await CardAsync(key, cancellationToken)).State is AliasCard alias)
            {
                return alias.CylinderId;
            }
        }

        throw new RejectedException(Rejection.NotFound("scanned", reading.Value, new("瓶码或标识", "code or alias")));
    }

    private async Task<TState> RequireAsync<TState>(CardKey key, string field, string id, Bilingual what, CancellationToken cancellationToken)
        where TState : class, IMessage
    {
        RejectedException.ThrowIf(Must.BeId(field, id));
        return (await CardAsync(key, cancellationToken)).State as TState
            ?? throw new RejectedException(Rejection.NotFound(field, id, what));
    }

    // What is not there may have come since it was cached, by another node.
    private async ValueTask<Card> CardAsync(CardKey key, CancellationToken cancellationToken) =>
        (await cache.GetAsync([key], cancellationToken))[0] is { State: not null } card
            ? card
            : (await cache.RefreshAsync([key], cancellationToken))[0];
}
