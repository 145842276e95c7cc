namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>
/// Positions of entries by cylinder. An index would cost a page of its own for nearly every entry, since neighbours in time are
/// strangers in the index. So each transaction appends a sorted run, and sixteen runs of one size become one: a row is written
/// again a few times, but always at the end of the table. A lookup asks each run.
/// </summary>
internal sealed class HistoryRuns(ProjectionStatements sql)
{
    private const int RunsPerMerge = 16;

    // Bigger runs are left alone: merging them would hold the projector up for seconds, and there are few.
    private const int TierMax = 4;
    private readonly List<(string CylinderId, long Position)> rows = [];
    private List<(long Run, long Rows)>? runs;

    /// <summary>An entry is about a cylinder.</summary>
    public void Add(string cylinderId, long position) => rows.Add((cylinderId, position));

    /// <summary>Writes what was added as a run, in the transaction that is open.</summary>
    public void Write()
    {
        if (rows.Count == 0)
        {
            return;
        }

        runs ??= ReadRuns();
        rows.Sort(static (left, right) => string.CompareOrdinal(left.CylinderId, right.CylinderId) is var order && order != 0 ? order : left.Position.CompareTo(right.Position));
        var run = NewRun(rows.Count);
        foreach (var (cylinderId, position) in rows)
        {
            sql["insert_history"].Bind(1, run).Bind(2, cylinderId).Bind(3, position).Run();
        }

        rows.Clear();
        while (runs.GroupBy(one => Tier(one.Rows)).FirstOrDefault(tier => tier.Key < TierMax && tier.Count() >= RunsPerMerge) is { } full)
        {
            Merge([.. full]);
        }
    }

    /// <summary>The transaction was not committed: nothing is known of the table any more.</summary>
    public void Forget()
    {
        rows.Clear();
        runs = null;
    }

    // 0 below 16 rows, 1 below 256, …
    private static int Tier(long rows) => rows < RunsPerMerge ? 0 : 1 + Tier(rows / RunsPerMerge);

    private void Merge(List<(long Run, long Rows)> merged)
    {
        var into = NewRun(merged.Sum(one => one.Rows));
        foreach (var (run, _) in merged)
        {
            sql["update_run"].Bind(1, run).Bind(2, into).Run();
        }

        sql["merge_history"].Bind(1, into).Run();
        sql["delete_history"].Bind(1, into).Run();
        sql["delete_runs"].Bind(1, into).Run();
        runs!.RemoveAll(merged.Contains);
    }

    private long NewRun(long count)
    {
        var run = runs!.Count == 0 ? 1 : runs.Max(one => one.Run) + 1;
        sql["insert_run"].Bind(1, run).Bind(2, count).Run();
        runs.Add((run, count));
        return run;
    }

    private List<(long, long)> ReadRuns()
    {
        List<(long, long)> found = [];
        var select = sql["select_runs"];
        while (select.Next())
        {
            found.Add((select.Int64(0), select.Int64(1)));
        }

        return found;
    }
}
