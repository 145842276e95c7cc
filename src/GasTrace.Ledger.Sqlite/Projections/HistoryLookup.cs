using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>Finds the entries of a cylinder: in the window, and in one block of each run.</summary>
internal sealed class HistoryLookup(HistoryWindow window)
{
    private const int AskedTogether = 500;

    /// <summary>Positions of a cylinder's entries that also meet what a command asks, in the order of its answer.</summary>
    /// <param name="connection">A connection to the typed tables.</param>
    /// <param name="cylinderId">The cylinder.</param>
    /// <param name="from">At or behind this position.</param>
    /// <param name="below">Before this position.</param>
    /// <param name="newestFirst">Whether the command answers the newest first.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="ask">Makes the command from positions as a JSON array, of which it leaves out other cylinders', and how many may be answered.</param>
    public async Task<IReadOnlyList<long>> FindAsync(
        SqliteConnection connection, string cylinderId, long from, long below, bool newestFirst, int limit, Func<string, int, CommandDefinition> ask)
    {
        var candidates = Candidates(connection, cylinderId).Where(position => position >= from && position < below).Distinct();
        List<long> ordered = [.. newestFirst ? candidates.OrderDescending() : candidates.Order()];
        List<long> found = [];
        for (int next = 0, some; next < ordered.Count && found.Count < limit; next += some)
        {
            // Nearly all are the cylinder's, so that a page of its history is the first so many; in years each has a page of the table to itself.
            some = Math.Min(next == 0 ? Math.Min(limit, AskedTogether) : AskedTogether, ordered.Count - next);
            var positions = $"[{string.Join(',', ordered.GetRange(next, some).Select(position => position.ToString(CultureInfo.InvariantCulture)))}]";
            found.AddRange(await connection.QueryAsync<long>(ask(positions, limit - found.Count)));
        }

        return found;
    }

    // The window first: what a run takes over meanwhile is then found twice, and never not at all.
    private List<long> Candidates(SqliteConnection connection, string cylinderId)
    {
        var hash = HistoryItem.HashOf(cylinderId);
        List<long> positions = [];
        window.AddTo(positions, hash);
        foreach (var (first, block) in connection.Query<(long FirstPosition, byte[] Entries)>(SqlText.Of("Projections.Sql.history_blocks"), new { Hash = (long)hash }))
        {
            var end = block.Length / HistoryItem.Bytes;
            for (var index = LowerBound(block, hash); index < end && HistoryItem.At(block, index) is var item && item.Hash == hash; index++)
            {
                positions.Add(first + item.Distance);
            }
        }

        return positions;
    }

    private static int LowerBound(ReadOnlySpan<byte> block, uint hash)
    {
        var (low, high) = (0, block.Length / HistoryItem.Bytes);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = HistoryItem.At(block, middle).Hash < hash ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
