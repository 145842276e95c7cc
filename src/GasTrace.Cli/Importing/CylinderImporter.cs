using GasTrace.Cli.Connecting;
using GasTrace.V1;
using Google.Rpc;
using Grpc.Core;

namespace GasTrace.Cli.Importing;

/// <summary>A row that was not registered.</summary>
/// <param name="Line">Line of the file.</param>
/// <param name="Column">Column at fault.</param>
/// <param name="Rule">The rule that it breaks.</param>
internal sealed record BadRow(long Line, string Column, string Rule);

/// <summary>Sends a table of cylinders to a server, group by group, and collects what became of each row.</summary>
internal sealed class CylinderImporter(RegistryService.RegistryServiceClient client, string actorId)
{
    private const int RowsPerMessage = 250;

    /// <summary>How many rows were registered.</summary>
    public int Registered { get; private set; }

    /// <summary>Rows that were not.</summary>
    public List<BadRow> Bad { get; } = [];

    /// <summary>Told once of columns that mean nothing here, if there are any.</summary>
    public Action<IReadOnlyList<string>>? ColumnsIgnored { get; init; }

    /// <summary>Told how many rows have been answered.</summary>
    public IProgress<int>? Answered { get; init; }

    /// <summary>Imports rows; the same import id sends the same rows again without harm.</summary>
    public async Task RunAsync(string importId, IEnumerable<CsvRow> rows, CancellationToken cancellationToken)
    {
        using var call = client.ImportCylinders(cancellationToken: cancellationToken);
        var reading = CollectAsync(call.ResponseStream, cancellationToken);
        foreach (var group in Readable(rows).Chunk(RowsPerMessage))
        {
            var request = new ImportCylindersRequest { ImportId = importId, ActorId = actorId };
            request.Rows.Add(group);
            await call.RequestStream.WriteAsync(request, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await reading;
    }

    private IEnumerable<ImportRow> Readable(IEnumerable<CsvRow> rows)
    {
        var isFirst = true;
        foreach (var row in rows)
        {
            if (isFirst && CylinderColumns.UnknownIn(row) is { Count: > 0 } unknown)
            {
                ColumnsIgnored?.Invoke(unknown);
            }

            isFirst = false;
            CylinderRegistration cylinder;
            try
            {
                cylinder = CylinderColumns.Read(row);
            }
            catch (RowException error)
            {
                lock (Bad)
                {
                    Bad.Add(new BadRow(row.Line, error.Column, error.Message));
                }

                continue;
            }

            yield return new ImportRow { RowNumber = row.Line, Cylinder = cylinder };
        }
    }

    private async Task CollectAsync(IAsyncStreamReader<ImportCylindersResponse> responses, CancellationToken cancellationToken)
    {
        while (await responses.MoveNext(cancellationToken))
        {
            foreach (var result in responses.Current.Results)
            {
                if (result.Error is { } error)
                {
                    var field = error.GetDetail<ErrorInfo>()?.Metadata.GetValueOrDefault("field") ?? string.Empty;
                    lock (Bad)
                    {
                        Bad.Add(new BadRow(result.RowNumber, CylinderColumns.ColumnOf(field), StatusText.Of(error)));
                    }
                }
                else
                {
                    Registered++;
                }
            }

            Answered?.Report(Registered + Bad.Count);
        }
    }
}
