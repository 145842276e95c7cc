using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Contract;

/// <summary>What every store of typed tables must keep; a class per store.</summary>
public abstract class ProjectionStoreContract
{
    private const int Entries = 1_500;

    /// <summary>Opens empty tables, new ones each time.</summary>
    protected abstract Task<IProjectionStore> OpenAsync();

    [Fact]
    public async Task However_entries_are_batched_the_tables_answer_the_same()
    {
        var entries = RandomDays();
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        foreach (var entry in entries)
        {
            Assert.True(await one.ApplyAsync(ProjectedBatch.Of([entry]), default));
        }

        var random = new Random(5);
        for (var done = 0; done < entries.Count;)
        {
            var run = entries.Skip(done).Take(random.Next(1, 200)).ToArray();
            Assert.True(await other.ApplyAsync(ProjectedBatch.Of(run), default));
            done += run.Length;
        }

        Assert.Equal(Entries, await other.GetPositionAsync(default));
        Assert.Equal(await AnswersAsync(one), await AnswersAsync(other));
    }

    [Fact]
    public async Task Answers_agree_with_a_count_by_hand()
    {
        var entries = RandomDays();
        await using var store = await OpenAsync();
        Assert.True(await store.ApplyAsync(ProjectedBatch.Of(entries), default));
        var events = entries.ConvertAll(entry => (entry.Position, Event: entry.ParseEvent()));
        var days = await store.CountAsync(Always("32"), Entries, default);
        Assert.Equal(events.Count(one => one.Event.PermitIssued is not null), days.Sum(day => day.Permits));
        Assert.Equal(events.Count(one => one.Event.ScanRefused is not null), days.Sum(day => day.Refusals));
        Assert.Equal(events.Sum(one => one.Event.FillCompleted?.NetMassG ?? 0), days.Sum(day => day.NetMassG));
        var closed = events.Select(one => one.Event.FillCompleted?.Report.PermitId ?? one.Event.FillAborted?.PermitId ?? one.Event.PermitExpired?.PermitId).ToHashSet();
        Assert.Equal(
            events.Select(one => one.Event.PermitIssued?.Terms.PermitId).Where(id => id is not null && !closed.Contains(id)).Order(),
            (await store.FindLapsedPermitsAsync(long.MaxValue, Entries, default)).Order());
        Assert.Equal(
            events.Where(one => one.Event.Subject == "C3" && (int)one.Event.BodyCase < 60).Select(one => one.Position),
            await store.HistoryAsync("C3", 0, Entries, default));
        Assert.Equal(
            events.Where(one => one.Event.ScanRefused?.Findings.Any(finding => finding.Code == "R2") == true).Select(one => one.Position).Reverse().Take(7),
            await store.SearchAsync(new EntryQuery(0, string.Empty, string.Empty, string.Empty, "R2", null, null), 0, long.MaxValue, 7, default));
        EntryQuery[] queries = [new(0, "", "", "", "R2", null, null), new(0, "", "S1", "", "", null, null), new(0, "", "", "C3", "", null, null), new(0, "", "", "", "", null, null)];
        foreach (var query in queries)
        {
            var all = await store.SearchAsync(query, 0, long.MaxValue, Entries, default);
            Assert.Equal(all.Where(position => position is >= 100 and < 300), await store.SearchAsync(query, 100, 300, Entries, default));
            Assert.NotEmpty(await store.SearchAsync(query, 100, 300, Entries, default));
        }
    }

    [Fact]
    public async Task Counts_come_page_by_page_and_reasons_with_them()
    {
        var entries = RandomDays();
        await using var store = await OpenAsync();
        Assert.True(await store.ApplyAsync(ProjectedBatch.Of(entries), default));
        var all = await store.CountAsync(Always("32"), Entries, default);
        var reasons = await store.CountReasonsAsync(Always("32"), "~", "~", default);
        Assert.NotEmpty(reasons);
        List<StationDayCounts> days = [];
        List<(string StationId, string Day, string Code, long Count)> pagedReasons = [];
        var query = Always("32");
        for (IReadOnlyList<StationDayCounts> page = all; page.Count > 0;)
        {
            page = await store.CountAsync(query, 1, default);
            foreach (var day in page)
            {
                days.Add(day);
                pagedReasons.AddRange(await store.CountReasonsAsync(query, day.StationId, day.Day, default));
                query = query with { AfterStation = day.StationId, AfterDay = day.Day };
            }
        }

        Assert.True(days.Count >= 3);
        Assert.Equal(all, days);
        Assert.Equal(reasons, pagedReasons);
        var last = all[^1].Day;
        Assert.Equal(all.Where(day => day.Day == last), (await store.CountAsync(new StationDayQuery("32", "", last, last), Entries, default)));
    }

    private static StationDayQuery Always(string regionPrefix) => new(regionPrefix, string.Empty, "2000-01-01", "2100-01-01");

    [Fact]
    public async Task A_run_that_does_not_begin_where_the_tables_end_changes_nothing()
    {
        var entries = RandomDays();
        await using var store = await OpenAsync();
        Assert.True(await store.ApplyAsync(ProjectedBatch.Of(entries[..10]), default));
        var before = await AnswersAsync(store);
        Assert.False(await store.ApplyAsync(ProjectedBatch.Of(entries[..10]), default), "a projector that lost its lease, and comes late");
        Assert.False(await store.ApplyAsync(ProjectedBatch.Of(entries[5..15]), default), "overlaps");
        Assert.False(await store.ApplyAsync(ProjectedBatch.Of(entries[11..15]), default), "leaves a gap");
        Assert.Equal((10, before), (await store.GetPositionAsync(default), await AnswersAsync(store)));
    }

    private static async Task<string> AnswersAsync(IProjectionStore store)
    {
        List<object> answers =
        [
            await store.FindLapsedPermitsAsync(1_800_000_900, Entries, default),
            await store.FindLapsedPermitsAsync(long.MaxValue, Entries, default),
            await store.CountAsync(Always(""), Entries, default),
            await store.CountAsync(new StationDayQuery("3201", "S1", "2027-01-15", "2027-01-16"), Entries, default),
            (await store.CountReasonsAsync(Always("32"), "~", "~", default)).Select(row => row.ToString()).ToArray(),
            await store.ListCylindersAsync(new CylinderQuery(string.Empty, string.Empty, string.Empty), string.Empty, "~", Entries, default),
            await store.ListCylindersAsync(new CylinderQuery("U2", string.Empty, string.Empty), "C2", "~", 3, default),
            await store.ListCylindersAsync(new CylinderQuery(string.Empty, string.Empty, string.Empty), "C1", "C3", Entries, default),
            await store.ListCylindersAsync(new CylinderQuery(string.Empty, string.Empty, "model 0"), string.Empty, "~", Entries, default),
            await store.ListCylindersAsync(new CylinderQuery(string.Empty, string.Empty, "model 2"), string.Empty, "~", Entries, default),
            await store.SkipCylindersAsync(string.Empty, "C1", 2, default) ?? "none",
            await store.SkipCylindersAsync("U2", string.Empty, 1, default) ?? "none",
            await store.SkipCylindersAsync(string.Empty, string.Empty, Entries, default) ?? "none",
            await store.ListStationsAsync("3202", string.Empty, Entries, default),
            await store.ListStationsAsync(string.Empty, "S1", 1, default),
        ];
        foreach (var query in (EntryQuery[])
            [
                new(0, string.Empty, string.Empty, string.Empty, string.Empty, null, null),
                new((int)Event.BodyOneofCase.FillCompleted, "3201", string.Empty, string.Empty, string.Empty, null, null),
                new(0, string.Empty, "S2", string.Empty, string.Empty, 1_800_000_100_000_000, 1_800_000_900_000_000),
                new(0, string.Empty, string.Empty, "C4", string.Empty, null, null),
                new(0, string.Empty, "S1", string.Empty, "V1", null, null),
            ])
        {
            answers.Add(await store.SearchAsync(query, 0, 1_000, 400, default));
        }

        return System.Text.Json.JsonSerializer.Serialize(answers);
    }

    // Believable in its order only: what is closed was open, what is released was held. Entries of early versions, which do not
    // tell a permit's deadline, are among them.
    private static List<LedgerEntry> RandomDays()
    {
        var random = new Random(11);
        Dictionary<string, long> deadlines = [];
        Dictionary<string, int> permits = [];
        List<string> open = [];
        List<string> registered = [];
        List<LedgerEntry> entries = [];
        while (entries.Count < Entries)
        {
            var cylinder = $"C{random.Next(8)}";
            var station = $"S{random.Next(3)}";
            var kind = random.Next(12);
            var happened = new Event
            {
                RecordedAt = new Timestamp { Seconds = 1_800_000_000 + entries.Count, Nanos = 5_000 },
                Subject = cylinder,
                StationId = station,
                Region = station == "S2" ? "320201" : "320102",
                Gas = "LPG",
            };
            var permit = open.Count > 0 ? open[random.Next(open.Count)] : string.Empty;
            var deadline = deadlines.TryGetValue(permit, out var seconds) && random.Next(3) > 0 ? new Timestamp { Seconds = seconds } : null;
            switch (kind)
            {
                case 0 or 1 or 2:
                    permits[cylinder] = permits.GetValueOrDefault(cylinder) + 1;
                    open.Add($"{cylinder}-{permits[cylinder]}");
                    happened.PermitIssued = new PermitIssued { Terms = new PermitTerms { PermitId = open[^1], CylinderId = cylinder, ExpiresAtUnixS = 1_800_000_060 + entries.Count } };
                    deadlines[open[^1]] = happened.PermitIssued.Terms.ExpiresAtUnixS;
                    break;
                case 3 when permit.Length > 0:
                    deadlines[permit] = 1_800_000_600 + entries.Count;
                    happened.FillBegun = new FillBegun { PermitId = permit, ReportBy = new Timestamp { Seconds = deadlines[permit] }, PreviousDeadline = deadline };
                    break;
                case 4 or 5 when open.Remove(permit):
                    happened.FillCompleted = new FillCompleted { Report = new FillReport { PermitId = permit, GrossMassG = 30_000 }, NetMassG = 14_000, ConsumesPermit = true, PermitDeadline = deadline };
                    happened.FillCompleted.Violations.Add(random.Next(4) == 0 ? [new Finding { Code = "V1", Violation = ViolationCode.Overfilled }] : []);
                    break;
                case 6 when open.Remove(permit):
                    happened.FillAborted = new FillAborted { PermitId = permit, PermitDeadline = deadline };
                    break;
                case 7 when open.Remove(permit):
                    happened.PermitExpired = new PermitExpired { PermitId = permit, ExpiredAt = deadline };
                    break;
                case 8:
                    happened.ScanRefused = new ScanRefused { Findings = { Enumerable.Range(1, random.Next(1, 4)).Select(n => new Finding { Code = $"R{n}" }) } };
                    break;
                case 9:
                    Register(happened, random, entries.Count, registered);
                    break;
                case 10:
                    happened.StationPut = new StationPut { Station = new Station { StationId = station, Region = happened.Region, Name = $"Name {entries.Count}", Status = StationStatus.Active } };
                    happened.Subject = station;
                    break;
                case 11:
                    happened.StationStatusChanged = new StationStatusChanged { Status = (StationStatus)random.Next(1, 3) };
                    happened.Subject = station;
                    break;
                default:
                    continue;
            }

            entries.Add(new LedgerEntry(entries.Count, EntryHeader.Of(happened), happened.ToByteArray()));
        }

        return entries;
    }

    private static void Register(Event happened, Random random, int number, List<string> registered)
    {
        switch (random.Next(8))
        {
            case 0:
                // Each only once, as the ledger sees to.
                happened.Subject = $"C{number}";
                registered.Add(happened.Subject);
                happened.CylinderRegistered = new CylinderRegistered { Cylinder = new Cylinder { CylinderId = happened.Subject, UseRegistration = new UseRegistration { UnitId = $"U{number % 3}" } } };
                break;
            case 1:
                happened.CodeReplaced = new CodeReplaced { NewCode = $"code {number}" };
                break;
            case 2:
                happened.InspectionRecorded = new InspectionRecorded();
                break;
            case 3:
                happened.UseRegistrationChanged = new UseRegistrationChanged { UseRegistration = new UseRegistration { UnitId = $"U{number % 3}", Cancelled = number % 2 == 0 } };
                break;
            case 4:
                happened.CylinderScrapped = new CylinderScrapped();
                break;
            case 5 when registered.Count > 0:
                happened.Subject = registered[random.Next(registered.Count)];
                happened.CylinderCorrected = new CylinderCorrected { After = new CylinderFacts { Model = $"model {number % 3}" } };
                break;
            case 6:
                happened.CylinderHeld = new CylinderHeld { Hold = new Hold { Kind = HoldKind.Blacklisted, Reason = $"reason {number}" } };
                break;
            default:
                happened.CylinderReleased = new CylinderReleased { Kind = HoldKind.Blacklisted };
                break;
        }
    }
}
