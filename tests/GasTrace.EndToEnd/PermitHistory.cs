using System.Collections.Concurrent;
using System.Diagnostics;

namespace GasTrace.EndToEnd;

/// <summary>What a client asked of a cylinder's permit, and what it was answered.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Permit">The permit that was given, or named.</param>
/// <param name="Asked">When it was asked first, in ticks of a watch that all clients share.</param>
/// <param name="Answered">When the answer came; <see cref="long.MaxValue"/> when none ever did.</param>
public sealed record PermitOperation(PermitOperationKind Kind, string Permit, long Asked, long Answered);

/// <summary>What a client asked of a cylinder's permit, by its answer.</summary>
public enum PermitOperationKind
{
    /// <summary>A scan that gave a permit.</summary>
    Given,

    /// <summary>A scan that was refused, since a permit is open.</summary>
    RefusedOpen,

    /// <summary>A report that used a permit up.</summary>
    UsedUp,

    /// <summary>A scan whose answer never came: it gave a permit, or it did nothing.</summary>
    ScanUnknown,

    /// <summary>A report whose answer never came: it used its permit up, or it did nothing.</summary>
    ReportUnknown,
}

/// <summary>
/// What the clients saw, cylinder by cylinder, without looking into the ledger: is there an order of it all, each at a moment
/// between question and answer, in which a cylinder never has two permits and no permit is used twice? (Herlihy and Wing,
/// Linearizability, 1990; searched as by Wing and Gong, 1993.)
/// </summary>
public sealed class PermitHistory
{
    private const int OperationsMax = 63;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<PermitOperation>> cylinders = new(StringComparer.Ordinal);

    /// <summary>The watch.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Operations of all cylinders.</summary>
    public int Count => cylinders.Values.Sum(operations => operations.Count);

    /// <summary>Whether a cylinder has as many operations as can be searched well.</summary>
    public bool IsFull(string cylinder) => cylinders.TryGetValue(cylinder, out var operations) && operations.Count >= OperationsMax - 16;

    /// <summary>Notes what a client saw.</summary>
    public void Add(string cylinder, PermitOperation operation) => cylinders.GetOrAdd(cylinder, _ => []).Enqueue(operation);

    /// <summary>The first cylinder whose history has no such order, with the history; null when all have.</summary>
    public string? FindBroken() => cylinders.Where(cylinder => !HasOrder([.. cylinder.Value.OrderBy(operation => operation.Asked)]))
        .Select(cylinder => $"{cylinder.Key}:\n{string.Join('\n', cylinder.Value.OrderBy(operation => operation.Asked))}").FirstOrDefault();

    /// <summary>Whether operations have an order.</summary>
    public static bool HasOrder(IReadOnlyList<PermitOperation> operations)
    {
        if (operations.Count > OperationsMax)
        {
            throw new InvalidOperationException($"{operations.Count} operations of one cylinder are too many to search.");
        }

        HashSet<(ulong Done, string Open)> seen = [];
        return Search(operations, 0, string.Empty, seen);
    }

    private static bool Search(IReadOnlyList<PermitOperation> operations, ulong done, string open, HashSet<(ulong, string)> seen)
    {
        if (!seen.Add((done, open)))
        {
            return false;
        }

        // Whoever was answered before another was asked comes first.
        var firstAnswer = long.MaxValue;
        var left = false;
        for (var i = 0; i < operations.Count; i++)
        {
            if ((done & (1UL << i)) == 0)
            {
                left |= operations[i].Answered != long.MaxValue;
                firstAnswer = Math.Min(firstAnswer, operations[i].Answered);
            }
        }

        if (!left)
        {
            return true;
        }

        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            if ((done & (1UL << i)) != 0 || operation.Asked > firstAnswer)
            {
                continue;
            }

            foreach (var next in After(operation, open, operations))
            {
                if (Search(operations, done | (1UL << i), next, seen))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Which permit may be open after it; nothing when it cannot have happened now. "" is none.
    private static IEnumerable<string> After(PermitOperation operation, string open, IReadOnlyList<PermitOperation> operations)
    {
        switch (operation.Kind)
        {
            case PermitOperationKind.Given when open.Length == 0:
                yield return operation.Permit;
                break;
            case PermitOperationKind.RefusedOpen when open.Length > 0:
                yield return open;
                break;
            case PermitOperationKind.UsedUp when open == operation.Permit:
                yield return string.Empty;
                break;
            case PermitOperationKind.ScanUnknown:
                yield return open;
                if (open.Length == 0)
                {
                    // Nobody has learnt its name: nobody can use it up.
                    yield return $"unknown to all, asked at {operation.Asked}";
                }

                break;
            case PermitOperationKind.ReportUnknown:
                yield return open;
                if (open == operation.Permit)
                {
                    yield return string.Empty;
                }

                break;
            default:
                break;
        }
    }
}
