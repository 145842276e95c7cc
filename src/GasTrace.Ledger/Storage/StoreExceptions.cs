namespace GasTrace.Ledger.Storage;

/// <summary>The store cannot be reached, or failed: nothing was changed by the call. Try again.</summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The store cannot be opened: held by another process, damaged, of another kind, or newer than this program.</summary>
public sealed class StoreStartException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The writer's queue is full. Try again a little later.</summary>
public sealed class LedgerBusyException() : Exception("The ledger's queue is full; try again.");

/// <summary>A decision lost to others again and again. Try again.</summary>
public sealed class ContentionException(string card)
    : Exception($"The state of '{card}' changed again and again while the request was decided; try again.");
