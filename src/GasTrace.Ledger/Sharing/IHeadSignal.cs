using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Tells the nodes of a ledger that its head has moved, so that they need not poll hard. Signals may be lost or late: nothing
/// but delay follows from it.
/// </summary>
public interface IHeadSignal
{
    /// <summary>Tells the others that the ledger holds all up to an entry; returns at once and never fails.</summary>
    void Announce(LedgerEntry last);

    /// <summary>Calls back with the head whenever a node announces, this one included. At most one listener a node.</summary>
    void Listen(Action<long> moved);
}
