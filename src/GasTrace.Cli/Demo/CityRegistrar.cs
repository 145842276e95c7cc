using GasTrace.Cli.Connecting;
using GasTrace.V1;

namespace GasTrace.Cli.Demo;

/// <summary>Registers a city through the contract.</summary>
internal sealed class CityRegistrar(ServerConnection connection, DateOnly today)
{
    private const string ActorId = "demo";
    private const int RowsPerMessage = 250;

    public async Task<IReadOnlyList<DemoCylinder>> RegisterAsync(City city, IProgress<int> progress, CancellationToken cancellationToken)
    {
        foreach (var station in city.Stations)
        {
            await StationAsync(station, cancellationToken);
        }

        return await CylindersAsync(city, progress, cancellationToken);
    }

    private async Task StationAsync(DemoStation place, CancellationToken cancellationToken)
    {
        var registry = connection.Registry;
        var id = place.Station.StationId;
        await registry.PutStationAsync(new PutStationRequest { RequestId = NewId(), ActorId = ActorId, Station = place.Station }, cancellationToken: cancellationToken);
        foreach (var terminal in place.Terminals)
        {
            await registry.PutTerminalAsync(new PutTerminalRequest { RequestId = NewId(), ActorId = ActorId, Terminal = terminal }, cancellationToken: cancellationToken);
        }

        foreach (var operatorId in place.OperatorIds)
        {
            var expired = operatorId == place.OperatorIds[^1];
            var person = new Operator { OperatorId = operatorId, CertificateNumber = "TS6P" + operatorId, CertificateEndsOn = City.Day(today.AddMonths(expired ? -1 : 20)) };
            person.StationIds.Add(id);
            person.CertificateItems.Add("P");
            await registry.PutOperatorAsync(new PutOperatorRequest { RequestId = NewId(), ActorId = ActorId, Operator = person }, cancellationToken: cancellationToken);
        }

        foreach (var batchId in place.GasBatchIds)
        {
            var batch = new GasBatch
            {
                GasBatchId = batchId,
                StationId = id,
                Gas = "LPG",
                CertificateNumber = "Q" + batchId,
                CertificateEndsOn = City.Day(today.AddDays(20)),
                Status = batchId == place.GasBatchIds[^1] ? GasBatchStatus.Condemned : GasBatchStatus.Released,
            };
            await registry.PutGasBatchAsync(new PutGasBatchRequest { RequestId = NewId(), ActorId = ActorId, GasBatch = batch }, cancellationToken: cancellationToken);
        }
    }

    private async Task<IReadOnlyList<DemoCylinder>> CylindersAsync(City city, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var all = city.Cylinders().ToList();
        var ids = new string[all.Count];
        using var call = connection.Registry.ImportCylinders(cancellationToken: cancellationToken);
        var reading = Task.Run(async () =>
        {
            var answered = 0;
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                foreach (var result in call.ResponseStream.Current.Results)
                {
                    ids[result.RowNumber - 1] = result.Error is null ? result.CylinderId : throw new InvalidDataException(result.Error.Message);
                    answered++;
                }

                progress.Report(answered);
            }
        }, cancellationToken);
        var importId = NewId();
        foreach (var group in all.Select((row, index) => new ImportRow { RowNumber = index + 1, Cylinder = row.Cylinder }).Chunk(RowsPerMessage))
        {
            var request = new ImportCylindersRequest { ImportId = importId, ActorId = ActorId };
            request.Rows.Add(group);
            await call.RequestStream.WriteAsync(request, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await reading;
        foreach (var index in Enumerable.Range(0, all.Count).Where(index => all[index].Blacklisted && !all[index].Cylinder.Scrapped))
        {
            var blacklist = new BlacklistRequest { RequestId = NewId(), ActorId = ActorId, CylinderId = ids[index], Reason = "流入黑气市场" };
            await connection.Registry.BlacklistAsync(blacklist, cancellationToken: cancellationToken);
        }

        return [.. all.Select(row => new DemoCylinder(row.Cylinder.Code, row.Cylinder.UseRegistration.UnitId, row.Cylinder.TareG, City.MaxNetMassG(row.Cylinder.Model)))];
    }

    private static string NewId() => CommonOptions.NewRequestId();
}

/// <summary>What a carousel needs to know of a cylinder.</summary>
/// <param name="Code">Its code.</param>
/// <param name="UnitId">Whose it is.</param>
/// <param name="TareG">Tare, grams.</param>
/// <param name="MaxNetMassG">Greatest contents, grams.</param>
internal sealed record DemoCylinder(string Code, string UnitId, int TareG, int MaxNetMassG);
