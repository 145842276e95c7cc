using GasTrace.Simulation.Checking;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Simulation.City;

/// <summary>Who only looks: deliverers who verify a cylinder, officials who look an entry up. What they see must be so, or have been so a moment ago.</summary>
internal sealed class Inspector(World world, string name)
{
    // Reasons that lie in the cylinder alone and do not come with the time of day: domain.md, section 3.
    private static readonly int[] Standing = [107, 201, 203, 204, 206, 207, 210, 303, 402, 504, 512];

    // A change that one node has acknowledged is seen in what every other shows within this time.
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(1);
    private readonly Caller caller = new(world, name);

    public async Task RunAsync()
    {
        while (!world.IsClosing)
        {
            await world.PauseAsync(0.2);
            if (world.Random.Chance(0.7))
            {
                await VerifyAsync(world.Random.Of(world.Referee.Model.Listed));
            }
            else
            {
                await LookUpAsync(world.Random.Below(world.Referee.Entries.Count));
            }
        }
    }

    private async Task VerifyAsync(ModelCylinder cylinder)
    {
        var asked = world.Scheduler.Elapsed;
        var code = cylinder.Code;
        var (response, status) = await caller.ReadAsync("Verify", () => caller.Filling.VerifyAsync(new VerifyRequest { Scanned = code }).ResponseAsync);

        if (status == StatusCode.NotFound && code == cylinder.Code)
        {
            world.Break($"{name} was told that {code} is not registered; it is {cylinder.Id}'s.");
        }

        // A cache that was set back remembers for long what was so: nothing is promised then but that no fill comes of it.
        if (response is null || !world.HasRecovered || world.Cache.WasSetBack || cylinder.Changed > asked - SeenWithin || code != cylinder.Code)
        {
            return;
        }

        var shown = response.Findings.Select(finding => (int)finding.Refusal).Where(Standing.Contains).Order();
        var expected = world.Referee.Model.Refusals(new ScanRequest { Scanned = code }, world.Clock.GetUtcNow()).Where(Standing.Contains);
        if (!shown.SequenceEqual(expected))
        {
            world.Break($"{name} was shown {string.Join(' ', shown)} of {cylinder.Id}, unchanged since {cylinder.Changed}; it has {string.Join(' ', expected)}.");
        }
    }

    private async Task LookUpAsync(int position)
    {
        var (response, _) = await caller.ReadAsync("GetEntry", () => caller.Supervision.GetEntryAsync(new GetEntryRequest { Position = position }).ResponseAsync);
        if (response is { Entry: { } entry })
        {
            world.Referee.Delivered(entry.Position, entry.Event);
        }
    }
}
