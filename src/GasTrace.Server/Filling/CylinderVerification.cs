using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Filling.Rules;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger;
using GasTrace.Ledger.Deciding;
using GasTrace.Server.Errors;
using GasTrace.V1;

namespace GasTrace.Server.Filling;

/// <summary>What anyone may know of a cylinder: the same rules as a scan, asked of the cylinder alone. Writes nothing.</summary>
public sealed class CylinderVerification(CardCache cache, IReadOnlyList<CodeFormat> formats, TimeProvider time)
{
    /// <summary>What may be known of what a scanner read.</summary>
    /// <exception cref="RejectedException">It is not readable, or names no cylinder.</exception>
    public async ValueTask<VerifyResponse> VerifyAsync(VerifyRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.BeAtMost("scanned", request.Scanned, Must.PayloadLengthMax));

        var scan = await CaseAsync(request, cache.GetAsync, cancellationToken);
        if (scan.Cylinder is null)
        {
            // It may have been registered since its absence was cached: that of its code, or of the cylinder that this leads to.
            scan = await CaseAsync(request, cache.RefreshAsync, cancellationToken);
        }

        if (scan.Cylinder is not { } cylinder)
        {
            throw new RejectedException(scan.Reading.Outcome == ReadingOutcome.Readable
                ? Rejection.NotFound("scanned", scan.Reading.Value, scan.Alias is null ? new("瓶码", "code") : new("现用瓶码", "live code"))
                : Rejection.Invalid("scanned", scan.Reading.Value, scan.Reading.Fault));
        }

        var response = new VerifyResponse
        {
            Code = cylinder.Code,
            Model = cylinder.Model,
            Gas = cylinder.Gas,
            Maker = cylinder.Maker,
            UnitId = cylinder.UseRegistration?.UnitId ?? string.Empty,
            Whereabouts = cylinder.Whereabouts,
            InspectionDueOn = scan.InspectionDue.ToText(),
            ServiceLifeEndsOn = InspectionCalendar.LifeEnd(cylinder, scan.Limits)?.ToText() ?? string.Empty,
            LastFilledAt = cylinder.LastFilledAt,
            LastFilledStationId = cylinder.LastFilledStationId,
        };
        response.Findings.Add(ScanRules.JudgeCylinder(scan));
        return response;
    }

    private async ValueTask<ScanCase> CaseAsync(
        VerifyRequest request, Func<IReadOnlyList<CardKey>, CancellationToken, ValueTask<IReadOnlyList<Card>>> load, CancellationToken cancellationToken)
    {
        var cards = new CardSet();
        var scanned = new ScanRequest { Scanned = request.Scanned };
        var reading = CodeReading.Read(request.Scanned, formats);
        var keys = new ScanKeys(scanned, reading);
        for (var round = 0; round < LedgerLimits.NamingRoundsMax; round++)
        {
            var scan = ScanCase.Of(scanned, reading, keys, cards, new Moment(time.GetUtcNow()));
            if (cards.Wanted.Count == 0)
            {
                return scan;
            }

            cards.Load(await load(cards.Wanted, cancellationToken));
        }

        throw new InvalidOperationException("A scan names cards without end.");
    }
}
