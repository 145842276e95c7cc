using GasTrace.Simulation.Checking;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Simulation.City;

/// <summary>Who follows the ledger and trusts nobody: every entry that matches, once, in order; comes, goes, dawdles, and comes back.</summary>
internal sealed class Regulator(World world, string name)
{
    private readonly Caller caller = new(world, name);
    private readonly EntryFilter filter = NewFilter(world);
    private readonly string cursor = world.Random.Chance(0.4) ? name : string.Empty;
    private readonly HashSet<long> confirmations = [0];
    private long next;

    /// <summary>All before it were seen, those that match.</summary>
    public long Next => next;

    public async Task RunAsync()
    {
        while (true)
        {
            using var leaving = new CancellationTokenSource(world.IsClosing ? Timeout.InfiniteTimeSpan : world.Random.About(40), world.Clock);
            var follower = new LedgerFollower(caller.Supervision, Request(), world.Clock) { Jitter = world.Random.Share };
            try
            {
                await follower.RunAsync(HandleAsync, leaving.Token);
            }
            catch (OperationCanceledException)
            {
                world.History.Add(name, "left", "at", Text(next));
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Aborted or StatusCode.Cancelled)
            {
                // An older subscription of its own still read the cursor; or it left.
                world.History.Add(name, "ended", error.Status.Detail);
            }

            await world.PauseAsync(3);
        }
    }

    private static EntryFilter NewFilter(World world)
    {
        var filter = new EntryFilter();
        switch (world.Random.Below(5))
        {
            case 0:
                filter.RegionPrefixes.Add("3201");
                break;
            case 1:
                filter.StationIds.Add(world.Random.Of(world.Plan.Guns).Station);
                break;
            case 2:
                filter.Kinds.Add(["fill_completed", "permit_issued"]);
                break;
            default:
                break;
        }

        return filter;
    }

    private SubscribeRequest Request()
    {
        var request = new SubscribeRequest { Filter = filter, BatchEntriesMax = world.Random.Of([0, 7]) };
        if (cursor.Length > 0)
        {
            request.Cursor = cursor;
        }
        else
        {
            request.NextPosition = next;
        }

        return request;
    }

    private async ValueTask<bool> HandleAsync(SubscribeResponse response)
    {
        switch (response.ContentCase)
        {
            case SubscribeResponse.ContentOneofCase.Started:
                Start(response.Started.NextPosition);
                break;
            case SubscribeResponse.ContentOneofCase.Batch:
                foreach (var entry in response.Batch.Entries)
                {
                    Pass(entry.Position);
                    if (entry.Position < next || !Matches(entry.Position))
                    {
                        world.Break($"{name} was given entry {entry.Position} again, or against its filter; it had all before {next}.");
                    }

                    world.Referee.Delivered(entry.Position, entry.Event);
                    next = entry.Position + 1;
                }

                Pass(response.Batch.NextPosition);
                world.History.Add(name, "given", "until", Text(next));
                break;
            case SubscribeResponse.ContentOneofCase.Progress:
                Pass(response.Progress.NextPosition);
                world.History.Add(name, "told", "until", Text(next));
                break;
            default:
                break;
        }

        await DawdleAsync();
        return true;
    }

    private void Start(long position)
    {
        var expected = cursor.Length > 0 ? confirmations.Contains(position) : position == next;
        if (!expected)
        {
            world.Break($"{name} was started at {position}; it had all before {next} and confirmed {string.Join(' ', confirmations)}.");
        }

        next = position;
        world.History.Add(name, "started", "at", Text(position));
    }

    // Nothing that matches may lie between what it has and where it is told to be.
    private void Pass(long position)
    {
        for (; next < Math.Min(position, world.Referee.Entries.Count); next++)
        {
            if (Matches(next))
            {
                world.Break($"{name} was not given entry {next}, which its filter {filter} matches: {world.Referee.Entries[(int)next]}.");
            }
        }
    }

    private bool Matches(long position)
    {
        var entry = world.Referee.Entries[(int)position];
        return (filter.RegionPrefixes.Count == 0 || entry.Region.StartsWith(filter.RegionPrefixes[0], StringComparison.Ordinal))
            && (filter.StationIds.Count == 0 || entry.Station == filter.StationIds[0])
            && (filter.Kinds.Count == 0 || entry.Kind is Event.BodyOneofCase.FillCompleted or Event.BodyOneofCase.PermitIssued);
    }

    private async Task DawdleAsync()
    {
        if (cursor.Length > 0 && next > 0 && world.Random.Chance(0.1))
        {
            var confirmed = next;
            confirmations.Add(confirmed);
            await caller.ReadAsync("Acknowledge", () => caller.Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = cursor, NextPosition = confirmed }).ResponseAsync);
        }

        if (!world.IsClosing && world.Random.Chance(0.01))
        {
            await Task.Delay(world.Random.Of([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90)]), world.Clock);
        }
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
