using System.Runtime.InteropServices;
using GasTrace.Ledger.Projecting;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>
/// Writes where the entries of each cylinder are. An index would cost a page of its own for nearly every entry, since neighbours
/// in time are strangers in it. So the newest entries are remembered in memory (<see cref="HistoryWindow"/>), and when they are
/// many a sorted run of them is written, packed into blocks by hash. Sixteen runs become one, block by block and a little with
/// every transaction: blocks are moved, so that at every commit each entry is in one run, and no transaction is long.
/// </summary>
internal sealed class HistoryRuns(ProjectionStatements sql, HistoryWindow window, int runEntries)
{
    private const int RunsPerMerge = 16;
    private const int BlockBitsPerMerge = 4;

    // Some 256 entries a block: with their two kilobytes, as many as a page holds.
    private const int BlockBitsMin = 8;

    // Runs of sixteen million entries are left alone: there are few.
    private const int BlockBitsMax = 16;
    private const int BlocksPerRunMax = 1 << BlockBitsMax;
    private readonly List<uint> pending = [];
    private readonly List<HistoryItem> items = [];
    private readonly List<Run> runs = [];
    private byte[] block = [];
    private bool isKnown;
    private bool runWasWritten;

    private sealed record Run(long Number, long First, long Next, int BlockBits, long MergedInto, int MovedBlocks);

    /// <summary>
    /// Learns what the tables hold, unless it is known: brings the window to where the entries end, and writes what it would not
    /// hold as runs, each in a transaction of its own.
    /// </summary>
    public void Know(Action<Action> inTransaction)
    {
        while (!isKnown)
        {
            ReadRuns();
            var first = runs.Count == 0 ? 0 : runs.Max(run => run.Next);
            pending.Clear();
            var select = sql["select_cylinders"].Bind(1, first);
            while (pending.Count < runEntries && select.Next())
            {
                pending.Add(HashOf(select.Text(1)));
            }

            select.Reset();
            if (pending.Count < runEntries)
            {
                window.Begin(first, CollectionsMarshal.AsSpan(pending));
                isKnown = true;
            }
            else
            {
                window.Begin(first, []);
                inTransaction(() => Write(pending.Count));
            }
        }

        pending.Clear();
        runWasWritten = false;
    }

    /// <summary>Takes a batch in, in the transaction that is open.</summary>
    public void Write(ProjectedBatch batch)
    {
        pending.Clear();
        foreach (var entry in batch.Entries)
        {
            pending.Add(HashOf(entry.CylinderId));
        }

        Write(batch.Count);
    }

    /// <summary>The transaction was committed: lookups may see it.</summary>
    public void Committed()
    {
        if (runWasWritten)
        {
            window.Begin(window.First + window.Count + pending.Count, []);
        }
        else
        {
            window.Add(CollectionsMarshal.AsSpan(pending));
        }

        pending.Clear();
        runWasWritten = false;
    }

    /// <summary>The transaction was not committed, or it cannot be told, or the tables were moved on: they must be asked again.</summary>
    public void Forget() => (isKnown, runWasWritten) = (false, false);

    private static uint HashOf(string cylinderId) => cylinderId.Length == 0 ? 0 : HistoryItem.HashOf(cylinderId);

    private void Write(int entries)
    {
        if (window.Count + pending.Count >= runEntries)
        {
            items.Clear();
            window.AddTo(items);
            HistoryWindow.AddTo(items, CollectionsMarshal.AsSpan(pending), window.Count);
            var run = NewRun(window.First, window.First + window.Count + pending.Count, BlockBitsMin);
            WriteBlocks(run, 0, 1 << BlockBitsMin);
            runWasWritten = true;
        }

        // An entry is moved twice at most, and a step moves this many.
        var entriesPerStep = RunsPerMerge * Math.Max(1, runEntries >> BlockBitsMin);
        for (var steps = 1 + (2 * entries / entriesPerStep); steps > 0 && MoveBlock(); steps--)
        {
        }
    }

    // Moves the next block of the runs of a merge; the smallest merge first, since while a large one goes on many small runs come.
    private bool MoveBlock()
    {
        BeginMerges();
        var merging = runs.Where(run => run.MergedInto != 0).Select(run => run.MergedInto).ToHashSet();
        if (runs.Where(run => merging.Contains(run.Number)).MinBy(run => run.BlockBits) is not { } into)
        {
            return false;
        }

        var sources = runs.Where(run => run.MergedInto == into.Number).ToList();
        items.Clear();
        foreach (var source in sources)
        {
            ReadBlock(source, into.MovedBlocks, source.First - into.First);
            sql["delete_block"].Bind(1, IdOf(source, into.MovedBlocks)).Run();
        }

        WriteBlocks(into, into.MovedBlocks << BlockBitsPerMerge, 1 << BlockBitsPerMerge);
        var isLast = into.MovedBlocks + 1 == 1 << (into.BlockBits - BlockBitsPerMerge);
        Change(into, into with { MovedBlocks = isLast ? 0 : into.MovedBlocks + 1 });
        foreach (var source in isLast ? sources : [])
        {
            sql["delete_run"].Bind(1, source.Number).Run();
            runs.Remove(source);
        }

        return true;
    }

    private void BeginMerges()
    {
        var busy = runs.Where(run => run.MergedInto != 0).SelectMany(run => (long[])[run.Number, run.MergedInto]).ToHashSet();
        var full = runs.Where(run => run.BlockBits < BlockBitsMax && !busy.Contains(run.Number)).GroupBy(run => run.BlockBits).Where(alike => alike.Count() >= RunsPerMerge);
        foreach (var alike in full.Select(group => group.Take(RunsPerMerge).ToList()).ToList())
        {
            var into = NewRun(alike[0].First, alike[^1].Next, alike[0].BlockBits + BlockBitsPerMerge);
            foreach (var run in alike)
            {
                Change(run, run with { MergedInto = into.Number });
            }
        }
    }

    private void ReadBlock(Run run, int number, long further)
    {
        var select = sql["select_block"].Bind(1, IdOf(run, number));
        if (select.Next())
        {
            var bytes = select.Blob(0);
            for (var i = 0; i < bytes.Length / HistoryItem.Bytes; i++)
            {
                var item = HistoryItem.At(bytes, i);
                items.Add(new HistoryItem(item.Hash, item.Distance + further));
            }

            select.Reset();
        }
    }

    // The items, sorted, into blocks from a number on; empty ones are left out.
    private void WriteBlocks(Run run, int first, int count)
    {
        var rest = CollectionsMarshal.AsSpan(items);
        rest.Sort();
        for (var number = first; number < first + count; number++)
        {
            var length = 0;
            while (length < rest.Length && HistoryItem.BlockOf(rest[length].Hash, run.BlockBits) == number)
            {
                length++;
            }

            if (length > 0)
            {
                Array.Resize(ref block, Math.Max(block.Length, length * HistoryItem.Bytes));
                HistoryItem.Pack(rest[..length], block);
                sql["insert_block"].Bind(1, IdOf(run, number)).Bind(2, block.AsSpan(0, length * HistoryItem.Bytes)).Run();
                rest = rest[length..];
            }
        }
    }

    private Run NewRun(long first, long next, int blockBits)
    {
        var run = new Run(runs.Count == 0 ? 1 : runs.Max(one => one.Number) + 1, first, next, blockBits, 0, 0);
        sql["insert_run"].Bind(1, run.Number).Bind(2, first).Bind(3, next).Bind(4, blockBits).Run();
        runs.Add(run);
        return run;
    }

    private void Change(Run run, Run changed)
    {
        sql["update_run"].Bind(1, run.Number).Bind(2, changed.MergedInto).Bind(3, changed.MovedBlocks).Run();
        runs[runs.IndexOf(run)] = changed;
    }

    private void ReadRuns()
    {
        runs.Clear();
        var select = sql["select_runs"];
        while (select.Next())
        {
            runs.Add(new Run(select.Int64(0), select.Int64(1), select.Int64(2), (int)select.Int64(3), select.Int64(4), (int)select.Int64(5)));
        }
    }

    private static long IdOf(Run run, int number) => (run.Number * BlocksPerRunMax) + number;
}
