using GasTrace.Terminal;
using GasTrace.TestServers;
using GasTrace.V1;

namespace GasTrace.EndToEnd;

/// <summary>Reads a whole ledger and holds it against what clients were told.</summary>
internal static class LedgerAudit
{
    public static async Task CheckAsync(ToolProcess server, GunLoad load)
    {
        var ledger = await ReadAsync(server);
        Assert.Equal(Enumerable.Range(0, ledger.Count).Select(n => (long)n), ledger.Select(entry => entry.Position));
        var issued = ledger.Where(entry => entry.Event.PermitIssued is not null).ToDictionary(entry => entry.Event.RequestId, entry => entry.Event.PermitIssued.Terms.PermitId);
        Assert.All(load.Permits, permit => Assert.Equal(permit.Value, issued[permit.Key]));
        Assert.All(load.Fills, fill => Assert.Equal(fill.Key, ledger[(int)fill.Value].Event.FillCompleted.Report.PermitId));
        CheckBooks(ledger);
    }

    public static async Task<List<LedgerEntry>> ReadAsync(ToolProcess server)
    {
        using var channel = server.Connect();
        var follower = new LedgerFollower(new SupervisionService.SupervisionServiceClient(channel), new SubscribeRequest(), TimeProvider.System);
        List<LedgerEntry> ledger = [];
        await follower.RunAsync(
            response =>
            {
                ledger.AddRange(response.Batch?.Entries ?? []);
                return ValueTask.FromResult(response.CaughtUp is null);
            },
            default);
        return ledger;
    }

    private static void CheckBooks(IEnumerable<LedgerEntry> ledger)
    {
        HashSet<string> open = [];
        HashSet<string> busy = [];
        foreach (var happened in ledger.Select(entry => entry.Event))
        {
            if (happened.PermitIssued is { } issued)
            {
                Assert.True(open.Add(issued.Terms.PermitId));
                Assert.True(busy.Add(happened.Subject), "two permits are open on one cylinder");
            }
            else if (happened.FillCompleted is { ConsumesPermit: true } filled)
            {
                Assert.True(open.Remove(filled.Report.PermitId), "a permit was used twice");
                busy.Remove(happened.Subject);
            }
            else if (happened.PermitExpired is { } expired)
            {
                Assert.True(open.Remove(expired.PermitId));
                busy.Remove(happened.Subject);
            }
        }
    }
}
