using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.V1;

namespace GasTrace.LoadTests.Phases;

/// <summary>Cylinders registered through the contract, row by row of one import.</summary>
internal sealed class ImportPhase : ILoadPhase
{
    private const int Rows = 50_000;
    private const int RowsPerMessage = 250;

    public string Name => "import";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var importId = Requests.NewId();
        var before = await bench.Node.UsageAsync();
        var began = TimeProvider.System.GetTimestamp();
        using var call = bench.Callers.Registry.ImportCylinders(cancellationToken: cancellationToken);
        var counting = CountAsync(call.ResponseStream, cancellationToken);
        for (var first = 1; first <= Rows; first += RowsPerMessage)
        {
            var request = new ImportCylindersRequest { ImportId = importId, ActorId = "load" };
            request.Rows.Add(Enumerable.Range(first, RowsPerMessage).Select(number => Requests.Row(importId, number)));
            await call.RequestStream.WriteAsync(request, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var (registered, bad) = await counting;
        var took = TimeProvider.System.GetElapsedTime(began);
        var used = await bench.Node.UsageAsync() - before;
        return [new LoadRow(new Measurement("import", "rows", registered / took.TotalSeconds, Errors: bad, ServerCpuMicros: used.CpuMicros / Rows, ServerBytes: used.AllocatedBytes / Rows))];
    }

    private static async Task<(int Registered, int Bad)> CountAsync(Grpc.Core.IAsyncStreamReader<ImportCylindersResponse> responses, CancellationToken cancellationToken)
    {
        int registered = 0, bad = 0;
        while (await responses.MoveNext(cancellationToken))
        {
            foreach (var result in responses.Current.Results)
            {
                registered += result.Error is null ? 1 : 0;
                bad += result.Error is null ? 0 : 1;
            }
        }

        return (registered, bad);
    }
}
