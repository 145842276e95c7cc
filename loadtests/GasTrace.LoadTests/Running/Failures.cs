using System.Collections.Concurrent;
using Grpc.Core;

namespace GasTrace.LoadTests.Running;

/// <summary>Calls that failed, by what they were answered: a count alone would not tell a fault from a refusal.</summary>
internal sealed class Failures
{
    private const int KindLengthMax = 120;
    private readonly ConcurrentDictionary<string, long> kinds = new(StringComparer.Ordinal);

    public long Count => kinds.Values.Sum();

    public void Add(RpcException error)
    {
        var kind = $"{error.StatusCode}: {error.Status.Detail}";
        kinds.AddOrUpdate(kind.Length > KindLengthMax ? kind[..KindLengthMax] : kind, 1, static (_, count) => count + 1);
    }

    /// <summary>Tells of the most frequent.</summary>
    public void Say(string name)
    {
        foreach (var (kind, count) in kinds.OrderByDescending(kind => kind.Value).Take(5))
        {
            LoadBench.Say($"  {name}: {count:N0} × {kind}");
        }
    }
}
