using GasTrace.Cli.Commands;
using GasTrace.Cli.Connecting;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Cli.Demo;

/// <summary>A station's guns at work on one stream, with the mistakes that people make.</summary>
internal sealed class Carousel(DemoStation place, IReadOnlyList<DemoCylinder> cylinders, DemoTally tally, int seed)
{
    // A real gun takes half a minute a cylinder; the demonstration is in a hurry.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private readonly DemoCylinder[] own = [.. cylinders.Where(cylinder => cylinder.UnitId == place.Station.UnitId)];

    public async Task RunAsync(ServerConnection connection, CancellationToken stop)
    {
        await using var link = new StationLink(connection.Filling, _ => { });
        await Task.WhenAll(place.Terminals.SelectMany(terminal => terminal.Guns.Select((gun, index) => GunAsync(link, terminal.TerminalId, gun.GunId, index, stop))));
    }

    private async Task GunAsync(StationLink link, string terminalId, string gunId, int index, CancellationToken stop)
    {
        var random = new Random(HashCode.Combine(seed, terminalId.GetHashCode(StringComparison.Ordinal), index));
        var sequence = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                sequence = await CycleAsync(link, terminalId, gunId, random, sequence);
                await Task.Delay(Pause * (0.5 + random.NextDouble()), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (RpcException)
            {
                tally.Failed();
            }
        }
    }

    private async Task<long> CycleAsync(StationLink link, string terminalId, string gunId, Random random, long sequence)
    {
        var cylinder = (random.Next(100) < 96 ? own : cylinders)[random.Next(random.Next(100) < 96 ? own.Length : Math.Min(own.Length, cylinders.Count))];
        var scan = Scan(cylinder, terminalId, gunId, random);
        var began = TimeProvider.System.GetTimestamp();
        var response = await link.ScanAsync(scan, CancellationToken.None);
        tally.Scanned(response, TimeProvider.System.GetElapsedTime(began));
        if (response.Permit is not { } permit)
        {
            return sequence;
        }

        switch (random.Next(1_000))
        {
            case < 10:
                return sequence; // Walks away: the permit expires.
            case < 40:
                await link.AbortAsync(new AbortFillRequest { RequestId = NewId(), PermitId = permit.Terms.PermitId, TerminalId = terminalId, Reason = "not filled" }, CancellationToken.None);
                tally.GaveUp();
                return sequence;
            default:
                await FillAsync(link, permit, cylinder, random, sequence + 1);
                return sequence + 1;
        }
    }

    private async Task FillAsync(StationLink link, Permit permit, DemoCylinder cylinder, Random random, long sequence)
    {
        var terms = permit.Terms;
        await link.BeginAsync(new BeginFillRequest { RequestId = NewId(), PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId }, CancellationToken.None);
        var net = random.Next(1_000) < 4 ? terms.MaxNetMassG + random.Next(50, 900) : terms.MaxNetMassG - random.Next(100, 600);
        var report = new FillReport
        {
            PermitId = terms.PermitId,
            TerminalId = terms.TerminalId,
            GunId = terms.GunId,
            GrossMassG = cylinder.TareG + net,
            GunSequence = sequence,
        };
        report.Checks.Add(Checks.AllPassedAfter(random.Next(1_000) < 2 ? PostfillItem.LeakTest : PostfillItem.Unspecified));
        tally.Filled(await link.CompleteAsync(new CompleteFillRequest { RequestId = NewId(), Report = report }, CancellationToken.None));
    }

    private ScanRequest Scan(DemoCylinder cylinder, string terminalId, string gunId, Random random)
    {
        var request = new ScanRequest
        {
            RequestId = NewId(),
            TerminalId = terminalId,
            GunId = random.Next(1_000) < 3 ? "G99" : gunId,
            OperatorId = place.OperatorIds[random.Next(100) < 1 ? 2 : random.Next(2)],
            GasBatchId = place.GasBatchIds[random.Next(1_000) < 5 ? 1 : 0],
            Scanned = random.Next(1_000) switch
            {
                < 2 => "smudged",
                < 5 => cylinder.Code[..15] + (cylinder.Code[15] == '0' ? '1' : '0'),
                < 500 => cylinder.Code,
                _ => "https://qp.example.cn/c/" + cylinder.Code,
            },
        };
        request.Checks.Add(Checks.AllPassed(random.Next(1_000) < 5 ? PrefillItem.Valve : PrefillItem.Unspecified));
        return request;
    }

    private static string NewId() => CommonOptions.NewRequestId();
}
