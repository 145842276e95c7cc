using GasTrace.Simulation.Checking;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace GasTrace.Simulation.City;

/// <summary>
/// Who stands at a gun: scans, fills, reports; and does what people do: scans twice, scans what is not there, walks away,
/// reports late, twice, differently, at the wrong gun.
/// </summary>
internal sealed class Gunner(World world, GunPlace place, FillingChannel channel)
{
    private static readonly PrefillItem[] Items = [.. Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified)];
    private string lastPermit = string.Empty;
    private long sequence;

    public async Task RunAsync()
    {
        while (!world.IsClosing)
        {
            await world.PauseAsync(1);
            var cylinders = world.Referee.Model.Listed;
            if (cylinders.Count == 0)
            {
                continue;
            }

            await ServeAsync(Choose(cylinders));
        }
    }

    // Mostly a cylinder of one's own that could be filled; some that are at many guns at once; now and then any.
    private ModelCylinder Choose(List<ModelCylinder> cylinders)
    {
        var any = cylinders[world.Random.Below(world.Random.Chance(0.1) ? Math.Min(4, cylinders.Count) : cylinders.Count)];
        var unit = world.Referee.Model.Stations[place.Station].UnitId;
        for (var tries = 0; tries < 12 && world.Random.Chance(0.95) && (any.Unit != unit || any.Open is not null || any.Holds.Count > 0 || !any.LooksSound); tries++)
        {
            any = world.Random.Of(cylinders);
        }

        return any;
    }

    private async Task ServeAsync(ModelCylinder cylinder)
    {
        var scan = NewScan(cylinder);
        var asked = channel.ScanAsync(scan);
        var twice = world.Random.Below(60);
        if (twice < 2)
        {
            // The scanner fired twice: the same scan again, or another.
            var again = twice == 0 ? scan : new ScanRequest(scan) { RequestId = world.Random.Uuid() };
            await channel.ScanAsync(again);
        }

        if ((await asked)?.Permit is { } permit)
        {
            await FillAsync(permit.Terms);
        }
        else if (world.Random.Chance(0.1))
        {
            await channel.VerifyAsync(scan.Scanned);
        }
    }

    private async Task FillAsync(PermitTerms terms)
    {
        var way = world.Random.Below(100);
        if (way < 3)
        {
            lastPermit = terms.PermitId;
            return;
        }

        if (way < 8)
        {
            await channel.AbortAsync(new AbortFillRequest { RequestId = world.Random.Uuid(), PermitId = terms.PermitId, TerminalId = place.Terminal });
            return;
        }

        var started = Now();
        if (way < 95)
        {
            await channel.BeginAsync(new BeginFillRequest { RequestId = world.Random.Uuid(), PermitId = terms.PermitId, TerminalId = place.Terminal, GunId = place.Gun });
        }

        await Task.Delay(way == 99 ? world.Random.Between(40, 200) : world.Random.Between(0.3, 2), world.Clock);
        var complete = new CompleteFillRequest { RequestId = world.Random.Uuid(), Report = NewReport(terms, started) };
        await channel.CompleteAsync(complete);
        await AfterwardsAsync(complete, terms);
        lastPermit = terms.PermitId;
    }

    private async Task AfterwardsAsync(CompleteFillRequest complete, PermitTerms terms)
    {
        switch (world.Random.Below(40))
        {
            case 0:
                await channel.CompleteAsync(complete);
                break;
            case 1:
                await channel.CompleteAsync(new CompleteFillRequest { RequestId = world.Random.Uuid(), Report = complete.Report });
                break;
            case 2:
                await channel.CompleteAsync(new CompleteFillRequest { RequestId = world.Random.Uuid(), Report = new FillReport(complete.Report) { GrossMassG = complete.Report.GrossMassG + 7 } });
                break;
            case 3:
                await channel.VoidAsync(new VoidFillRequest
                {
                    RequestId = world.Random.Uuid(), PermitId = terms.PermitId, TerminalId = place.Terminal, OperatorId = "P" + place.Station, Reason = "simulated",
                });
                break;
            default:
                break;
        }
    }

    private ScanRequest NewScan(ModelCylinder cylinder)
    {
        var random = world.Random;
        var scan = new ScanRequest
        {
            RequestId = random.Uuid(),
            TerminalId = random.Chance(0.995) ? place.Terminal : "unknown",
            GunId = random.Chance(0.995) ? place.Gun : "G9",
            OperatorId = "P" + (random.Chance(0.99) ? place.Station : "S0"),
            GasBatchId = "B" + place.Station,
            Scanned = Scanned(cylinder),
        };
        foreach (var item in Items)
        {
            if (!random.Chance(0.0005))
            {
                scan.Checks.Add(new PrefillCheck { Item = item, Outcome = random.Chance(0.0005) ? CheckOutcome.Failed : CheckOutcome.Passed });
            }
        }

        switch (random.Below(80))
        {
            case 0:
                scan.WeighedTareG = cylinder.TareG + random.Below(700);
                if (random.Chance(0.5))
                {
                    scan.Overrides.Add(new Override { Refusal = RefusalCode.TareDeviation, SupervisorId = "V1", Reason = "simulated" });
                }

                break;
            case 1:
                scan.ResidualPressureKpa = 0;
                break;
            case 2:
                scan.StampedNumber = random.Chance(0.5) ? cylinder.Serial : "OTHER";
                break;
            case 3:
                scan.TerminalTime = Timestamp.FromDateTimeOffset(world.Clock.GetUtcNow().AddSeconds(random.Of([-900, -150, 0, 150, 900])));
                break;
            default:
                break;
        }

        return scan;
    }

    private string Scanned(ModelCylinder cylinder) => world.Random.Below(200) switch
    {
        0 => string.Empty,
        1 => cylinder.Code[..^1] + (cylinder.Code[^1] == '7' ? '8' : '7'),
        2 => world.Plan.NewCode(),
        3 => "https://example.org/c/" + cylinder.Code,
        4 => " " + cylinder.Code.ToLowerInvariant(),
        5 when world.Referee.Model.Codes.FirstOrDefault(code => code.Value.Voided).Key is { } voided => voided,
        _ => cylinder.Code,
    };

    private FillReport NewReport(PermitTerms terms, Timestamp started)
    {
        var random = world.Random;
        var report = new FillReport
        {
            PermitId = terms.PermitId,
            TerminalId = place.Terminal,
            GunId = place.Gun,
            GrossMassG = terms.TareG + (random.Chance(0.98) ? 13_000 + random.Below(1_000) : 15_000),
            StartedAt = started,
            EndedAt = Now(),
            GunSequence = sequence += random.Chance(0.99) ? 1 : 2,
        };
        switch (random.Below(150))
        {
            case 0:
                report.PermitId = lastPermit;
                break;
            case 1:
                report.PermitId = random.Of(["C0000000000000-1", "", "nothing"]);
                break;
            case 2:
                report.GunId = "G1";
                break;
            case 3:
                report.TerminalId = random.Of(world.Plan.Guns).Terminal;
                break;
            case 4:
                report.Scanned = terms.Code;
                break;
            case 5:
                report.Scanned = random.Of(world.Referee.Model.Listed).Code;
                break;
            case 6:
                report.Checks.Add(new PostfillCheck { Item = PostfillItem.LeakTest, Outcome = CheckOutcome.Failed });
                break;
            case 7:
                report.WeighedTareG = terms.TareG + 400;
                break;
            case 8:
                (report.StartedAt, report.EndedAt) = (report.EndedAt, Timestamp.FromDateTimeOffset(report.StartedAt.ToDateTimeOffset().AddSeconds(-5)));
                break;
            case 9:
                report.EndedAt = null;
                break;
            case 10:
                report.GrossMassG = terms.TareG + 5_000;
                break;
            default:
                break;
        }

        return report;
    }

    private Timestamp Now() => Timestamp.FromDateTimeOffset(world.Clock.GetUtcNow());
}
