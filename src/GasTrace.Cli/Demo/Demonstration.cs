using System.Globalization;
using GasTrace.Cli.Connecting;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Server.Hosting;
using GasTrace.Terminal;
using GasTrace.V1;
using Spectre.Console;

namespace GasTrace.Cli.Demo;

/// <summary>Starts a server on a throw-away store, registers a city, lets it work, and closes the books.</summary>
internal sealed class Demonstration(int stations, int cylinders, TimeSpan duration, int seed, bool quiet)
{
    // Short, so that a walk-away expires while one watches.
    private const int PermitLifetimeSeconds = 4;
    private readonly DateOnly today = new Moment(TimeProvider.System.GetUtcNow()).Today;
    private readonly DemoTally tally = new();
    private readonly Books books = new();

    public async Task<DemoReport> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gastrace-demo-");
        try
        {
            await using var node = await GasTraceNode.StartAsync(
                GasTraceOptions.OnSqlite(folder.FullName) with { Port = 0, SweepInterval = TimeSpan.FromSeconds(1) }, cancellationToken);
            using var connection = new ServerConnection(node.Address);
            var register = await RegisterAsync(connection, cancellationToken);
            using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var follower = FollowAsync(connection, following.Token);
            var began = TimeProvider.System.GetTimestamp();
            await WorkAsync(connection, register, cancellationToken);
            var took = TimeProvider.System.GetElapsedTime(began);
            var head = await SettleAsync(connection, cancellationToken);
            following.Cancel();
            await follower.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return Report(took, head);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(City City, IReadOnlyList<DemoCylinder> Cylinders)> RegisterAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        var city = new City(stations, cylinders, today, seed);
        Say(Language.Of($"正在登记 {cylinders.ToString("N0", CultureInfo.InvariantCulture)} 只气瓶和 {stations} 个充装站 …", $"Registering {cylinders.ToString("N0", CultureInfo.InvariantCulture)} cylinders and {stations} stations …"));
        var began = TimeProvider.System.GetTimestamp();
        var limit = new Limit { Name = LimitNames.PermitLifetime, Value = PermitLifetimeSeconds, Source = "demo", Confidence = Confidence.C, ValidFrom = City.Day(today) };
        await connection.Registry.PutLimitAsync(
            new PutLimitRequest { RequestId = CommonOptions.NewRequestId(), ActorId = "demo", Limit = limit }, cancellationToken: cancellationToken);
        IReadOnlyList<DemoCylinder> register = [];
        if (quiet)
        {
            register = await new CityRegistrar(connection, today).RegisterAsync(city, new Progress<int>(), cancellationToken);
        }
        else
        {
            await AnsiConsole.Progress().StartAsync(async context =>
            {
                var task = context.AddTask("register 登记", maxValue: cylinders);
                register = await new CityRegistrar(connection, today).RegisterAsync(city, new Progress<int>(rows => task.Value = rows), cancellationToken);
                task.Value = cylinders;
            });
        }

        Say(Language.Of($"登记用时 {TimeProvider.System.GetElapsedTime(began).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} 秒。", $"Registered in {TimeProvider.System.GetElapsedTime(began).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s."));
        return (city, register);
    }

    private Task FollowAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        new LedgerFollower(connection.Supervision, new SubscribeRequest { Edge = Edge.First }, TimeProvider.System).RunAsync(
            response =>
            {
                foreach (var entry in response.Batch?.Entries ?? [])
                {
                    books.Enter(entry);
                }

                return ValueTask.FromResult(true);
            },
            cancellationToken);

    private async Task WorkAsync(ServerConnection connection, (City City, IReadOnlyList<DemoCylinder> Cylinders) register, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(duration);
        var carousels = Task.WhenAll(register.City.Stations.Select(place => new Carousel(place, register.Cylinders, tally, seed).RunAsync(connection, stop.Token)));
        if (!quiet)
        {
            await new DemoBoard(tally, books, connection).ShowUntilAsync(carousels, stop.Token);
        }

        await carousels;
        cancellationToken.ThrowIfCancellationRequested();
    }

    // The last walk-aways expire, and the follower reads to the head.
    private async Task<long> SettleAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var head = await HeadAsync(connection, patience.Token);
            if (books.Next >= head && books.Open == 0)
            {
                return head;
            }

            await Task.Delay(200, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (patience.IsCancellationRequested)
            {
                return head;
            }
        }
    }

    internal static async Task<long> HeadAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        using var call = connection.Supervision.Subscribe(new SubscribeRequest { Edge = Edge.Head }, cancellationToken: cancellationToken);
        return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current.Started.Head : 0;
    }

    private DemoReport Report(TimeSpan took, long head) => new()
    {
        Stations = stations,
        Cylinders = cylinders,
        Seconds = took.TotalSeconds,
        Scans = tally.Scans,
        ScansPerSecond = tally.Scans / took.TotalSeconds,
        Permits = books.Permits,
        Refusals = books.Refused,
        RefusalsByCode = new SortedDictionary<string, long>(tally.Refusals, StringComparer.Ordinal),
        Fills = books.Completed,
        Violations = books.Violations,
        Aborted = books.Aborted,
        Expired = books.Expired,
        Open = books.Open,
        Errors = tally.Errors,
        LatencyP50Ms = tally.LatencyMs(50),
        LatencyP99Ms = tally.LatencyMs(99),
        LedgerEntries = head,
        FollowerEntries = books.Next,
        FollowerSawEverything = books.Next == head && books.Gaps == 0,
        BooksBalance = books.Balance,
        AnswersMatchTheLedger = tally.Permits == books.Permits && tally.Scans == books.Permits + books.Refused
            && tally.Completed == books.Completed && tally.Aborted == books.Aborted,
    };

    private void Say(string text)
    {
        if (!quiet)
        {
            AnsiConsole.WriteLine(text);
        }
    }
}
