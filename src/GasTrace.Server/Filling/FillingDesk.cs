using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Deciding;
using GasTrace.V1;

namespace GasTrace.Server.Filling;

/// <summary>The commands of filling, the same for unary calls and for a station's stream.</summary>
public sealed class FillingDesk(CommandRunner runner, PermitSigner signer, IReadOnlyList<CodeFormat> formats)
{
    /// <summary>Asks whether a cylinder may be filled.</summary>
    public async ValueTask<CommandResult<ScanResponse>> ScanAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new ScanCommand(request, formats), cancellationToken);
        if (result.Reply?.Permit is { } permit)
        {
            signer.Sign(permit);
        }

        return result;
    }

    /// <summary>Gas begins to flow.</summary>
    public ValueTask<CommandResult<BeginFillResponse>> BeginAsync(BeginFillRequest request, CancellationToken cancellationToken) =>
        runner.RunAsync(new BeginFillCommand(request), cancellationToken);

    /// <summary>Reports a fill.</summary>
    public ValueTask<CommandResult<CompleteFillResponse>> CompleteAsync(CompleteFillRequest request, CancellationToken cancellationToken) =>
        runner.RunAsync(new CompleteFillCommand(request, formats), cancellationToken);

    /// <summary>Gives a permit up.</summary>
    public ValueTask<CommandResult<AbortFillResponse>> AbortAsync(AbortFillRequest request, CancellationToken cancellationToken) =>
        runner.RunAsync(new AbortFillCommand(request), cancellationToken);

    /// <summary>Voids a fill.</summary>
    public ValueTask<CommandResult<VoidFillResponse>> VoidAsync(VoidFillRequest request, CancellationToken cancellationToken) =>
        runner.RunAsync(new VoidFillCommand(request), cancellationToken);
}
