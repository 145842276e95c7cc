using System.Globalization;
using GasTrace.Simulation.Clockwork;

namespace GasTrace.Simulation.Checking;

/// <summary>What happened, line by line: the last of it is shown when an invariant breaks, and a digest of all of it tells whether a replay was one.</summary>
internal sealed class History(Scheduler scheduler, TextWriter? all = null)
{
    private const int LinesKept = 60;
    private readonly Queue<Line> last = new();

    private readonly record struct Line(long Ticks, string Who, string What, string First, string Second, string Third)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks / 10_000_000.0,12:F6} {Who,-14} {What,-22} {First} {Second} {Third}").TrimEnd();
    }

    /// <summary>A digest of every line (FNV-1a, 64 bits).</summary>
    public ulong Digest { get; private set; } = 14_695_981_039_346_656_037;

    public void Add(string who, string what, string first = "", string second = "", string third = "")
    {
        var line = new Line(scheduler.Now, who, what, first, second, third);
        Mix((ulong)line.Ticks);
        Mix(who);
        Mix(what);
        Mix(first);
        Mix(second);
        Mix(third);
        last.Enqueue(line);
        if (last.Count > LinesKept)
        {
            last.Dequeue();
        }

        all?.WriteLine(line);
    }

    /// <summary>The last lines, oldest first.</summary>
    public IEnumerable<string> Tail() => last.Select(line => line.ToString());

    private void Mix(string text)
    {
        foreach (var character in text)
        {
            Mix(character);
        }

        Mix('\n');
    }

    private void Mix(ulong value) => Digest = (Digest ^ value) * 1_099_511_628_211;
}
