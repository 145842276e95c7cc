using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Sharing;

/// <summary>For what is known of a card in several tables, which have to change at once: one gate for many keys, never one for all.</summary>
internal sealed class KeyGates
{
    private const int Count = 64;
    private readonly Lock[] gates = [.. Enumerable.Range(0, Count).Select(_ => new Lock())];

    /// <summary>The gate of a key.</summary>
    public Lock Of(CardKey key) => gates[key.GetHashCode() & (Count - 1)];
}
