namespace GasTrace.Simulation.Clockwork;

/// <summary>Chance from a seed: SplitMix64, since the platform's own generator may change with its version, and a seed must not.</summary>
internal sealed class Draw(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to below a limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in this share of cases.</summary>
    public bool Chance(double share) => Share() < share;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Between two times, evenly.</summary>
    public TimeSpan Between(double fromSeconds, double untilSeconds) => TimeSpan.FromSeconds(fromSeconds + ((untilSeconds - fromSeconds) * Share()));

    /// <summary>Around a mean, most below it, few far above: as waits are.</summary>
    public TimeSpan About(double meanSeconds) => TimeSpan.FromSeconds(-Math.Log(1 - Share()) * meanSeconds);

    /// <summary>An id as clients make them, but from the seed.</summary>
    public string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes).ToString("D");
    }
}
