namespace GasTrace.Ledger.Storage;

/// <summary>
/// For a store that has no order of its own between calls: one batch at a time, in the order in which they were asked for. Who
/// waited for a batch that the store was not there for hears the same at once, instead of waiting for the same deadline again.
/// </summary>
public sealed class AppendTurns : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private StoreUnavailableException? failure;
    private long failures;

    /// <summary>Appends a batch when its turn has come.</summary>
    /// <param name="fetch">Gives the units, then; none for nothing to append.</param>
    /// <param name="append">Appends them.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    /// <exception cref="StoreUnavailableException">The store is not there, or was not for the batch before.</exception>
    public async Task<AppendResult> RunAsync(
        Func<IReadOnlyList<AppendUnit>> fetch, Func<IReadOnlyList<AppendUnit>, Task<AppendResult>> append, CancellationToken cancellationToken)
    {
        var known = Interlocked.Read(ref failures);
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (failures > known)
            {
                throw new StoreUnavailableException(failure!.Message, failure);
            }

            var batch = fetch();
            return batch.Count == 0 ? AppendResult.Nothing : await AppendAsync(batch, append);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => turn.Dispose();

    private async Task<AppendResult> AppendAsync(IReadOnlyList<AppendUnit> batch, Func<IReadOnlyList<AppendUnit>, Task<AppendResult>> append)
    {
        try
        {
            return await append(batch);
        }
        catch (StoreUnavailableException error)
        {
            failure = error;
            Interlocked.Increment(ref failures);
            throw;
        }
    }
}
