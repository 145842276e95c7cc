using GasTrace.Terminal;
using GasTrace.V1;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>What the ledger says was answered, against what was heard.</summary>
/// <param name="Permits">Permits in the ledger.</param>
/// <param name="Refusals">Refusals in the ledger.</param>
/// <param name="Ended">Permits that ended.</param>
/// <param name="HeardPermits">Permits that callers heard of.</param>
/// <param name="HeardRefusals">Refusals that callers heard of.</param>
public sealed record Books(long Permits, long Refusals, long Ended, long HeardPermits, long HeardRefusals)
{
    /// <summary>In the ledger and not heard of: calls that were cut off at the end of a phase.</summary>
    public long Unheard => Permits + Refusals - HeardPermits - HeardRefusals;

    /// <summary>Reads the ledger from a position on.</summary>
    public static async Task<Books> ReadAsync(Callers callers, long from, CityScenarios heard, CancellationToken cancellationToken)
    {
        long issued = 0, refused = 0, ended = 0;
        var follower = new LedgerFollower(callers.Supervision, new SubscribeRequest { NextPosition = from }, TimeProvider.System);
        await follower.RunAsync(
            response =>
            {
                foreach (var entry in response.Batch?.Entries ?? [])
                {
                    issued += entry.Event.PermitIssued is null ? 0 : 1;
                    refused += entry.Event.ScanRefused is null ? 0 : 1;
                    ended += entry.Event.FillCompleted is { ConsumesPermit: true } || entry.Event.FillAborted is not null || entry.Event.PermitExpired is not null ? 1 : 0;
                }

                return ValueTask.FromResult(response.CaughtUp is null);
            },
            cancellationToken);
        return new Books(issued, refused, ended, heard.Permits, heard.Refusals);
    }

    /// <summary>Nothing that was heard is missing, and no more went unheard than callers were cut off.</summary>
    public bool Balance(long cutOffMax) => Permits >= HeardPermits && Refusals >= HeardRefusals && Ended <= Permits && Unheard <= cutOffMax;

    /// <inheritdoc />
    public override string ToString() =>
        $"{Permits:N0} permits and {Refusals:N0} refusals in the ledger, {HeardPermits:N0} and {HeardRefusals:N0} heard, {Unheard} cut off, {Ended:N0} permits ended";
}
