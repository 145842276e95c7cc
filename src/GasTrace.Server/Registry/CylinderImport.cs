using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Errors;
using GasTrace.Server.Hosting;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Server.Registry;

/// <summary>Takes in many cylinders: the rows of a message go through the house side by side, and each gets its result.</summary>
public sealed class CylinderImport(CommandRunner runner, IReadOnlyList<CodeFormat> formats)
{
    /// <summary>Runs an import until the client has sent everything.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<ImportCylindersRequest> requests, IServerStreamWriter<ImportCylindersResponse> responses, CancellationToken cancellationToken)
    {
        // One message ahead: while its rows wait for their commit the next ones are already decided.
        Task<ImportCylindersResponse>? ahead = null;
        while (await requests.MoveNext(cancellationToken))
        {
            var request = requests.Current;
            RejectedException.ThrowIf(Validate(request));

            var group = RegisterAsync(request, cancellationToken);
            if (ahead is not null)
            {
                await responses.WriteAsync(await ahead, cancellationToken);
            }

            ahead = group;
        }

        if (ahead is not null)
        {
            await responses.WriteAsync(await ahead, cancellationToken);
        }
    }

    private static Rejection? Validate(ImportCylindersRequest request) => Must.All(
        Must.BeUuid("import_id", request.ImportId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeFew("rows", request.Rows.Count, ServerLimits.ImportRowsMax),
        Must.Each(request.Rows, row => Must.BeWithin("rows.row_number", row.RowNumber, 1, long.MaxValue)));

    private async Task<ImportCylindersResponse> RegisterAsync(ImportCylindersRequest request, CancellationToken cancellationToken)
    {
        var response = new ImportCylindersResponse();
        response.Results.Add(await Task.WhenAll(request.Rows.Select(row => RegisterAsync(request, row, cancellationToken))));
        return response;
    }

    private async Task<ImportResult> RegisterAsync(ImportCylindersRequest request, ImportRow row, CancellationToken cancellationToken)
    {
        var command = new RegisterCylinderCommand(
            new RegisterCylinderRequest
            {
                RequestId = IssuedIdentity.ImportRowRequestId(request.ImportId, row.RowNumber),
                ActorId = request.ActorId,
                Cylinder = row.Cylinder,
            },
            formats);
        try
        {
            var result = await runner.RunAsync(command, cancellationToken);
            return result.Rejection is { } rejection
                ? new ImportResult { RowNumber = row.RowNumber, Error = RpcErrors.ToStatus(rejection) }
                : new ImportResult { RowNumber = row.RowNumber, CylinderId = result.Reply!.CylinderId };
        }
        catch (Exception error) when (error is LedgerBusyException or StoreUnavailableException or ContentionException)
        {
            return new ImportResult { RowNumber = row.RowNumber, Error = RpcErrors.ToStatus(error) };
        }
    }
}
