using System.Collections.Concurrent;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace GasTrace.EndToEnd;

/// <summary>
/// Guns that scan and report as fast as they are answered, and ask again with the same request id whenever they are not. They
/// note all that they were told.
/// </summary>
internal sealed class GunLoad : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly GrpcChannel channel;
    private readonly FillingService.FillingServiceClient filling;
    private readonly IReadOnlyList<string> codes;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task guns;
    private long answered;

    public GunLoad(string address, IReadOnlyList<string> codes)
    {
        channel = GasTraceChannel.Open(new Uri(address));
        filling = new FillingService.FillingServiceClient(channel);
        this.codes = codes;
        guns = Task.WhenAll(Enumerable.Range(0, FillingSite.Guns).Select(FillAsync));
    }

    /// <summary>Permits that were given, by the scan's request id.</summary>
    public ConcurrentDictionary<string, string> Permits { get; } = new();

    /// <summary>Reports that were answered: permit, and where the answer said that they stand.</summary>
    public ConcurrentDictionary<string, long> Fills { get; } = new();

    /// <summary>What the guns saw.</summary>
    public PermitHistory History { get; } = new();

    /// <summary>Requests that were answered.</summary>
    public long Answered => Interlocked.Read(ref answered);

    /// <summary>Requests that were told to try again.</summary>
    public long Failed { get; private set; }

    /// <summary>Waits until so many more requests were answered.</summary>
    public async Task WaitAsync(int more)
    {
        for (var until = Answered + more; Answered < until;)
        {
            Assert.False(guns.IsFaulted, guns.Exception?.ToString());
            await Task.Delay(Pause);
        }
    }

    /// <summary>Ends: what is not answered now never will be.</summary>
    public async Task StopAsync()
    {
        stopping.Cancel();
        await guns;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        channel.Dispose();
        stopping.Dispose();
    }

    private async Task FillAsync(int gun)
    {
        var random = new Random(gun);
        while (!stopping.IsCancellationRequested)
        {
            var code = codes[random.Next(codes.Count)];
            if (History.IsFull(code))
            {
                // Else all would wait for answers that nobody asks for.
                Assert.False(codes.All(History.IsFull), "Every cylinder has as long a history as can be searched: the test takes too long, or has too few of them.");
                await Task.Yield();
                continue;
            }

            var scan = new ScanRequest { RequestId = FillingSite.NewId(), TerminalId = "T1", GunId = $"G{gun}", OperatorId = "P1", GasBatchId = "B1", Scanned = code };
            scan.Checks.Add(Enum.GetValues<PrefillItem>().Skip(1).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed }));
            var asked = PermitHistory.Now;
            var scanned = await AskAsync(deadline => filling.ScanAsync(scan, deadline: deadline, cancellationToken: stopping.Token));
            if (scanned?.Permit is { } permit)
            {
                Permits[scan.RequestId] = permit.Terms.PermitId;
                Note(code, PermitOperationKind.Given, permit.Terms.PermitId, asked);
                await ReportAsync(code, gun, permit.Terms.PermitId);
            }
            else if (scanned is null)
            {
                History.Add(code, new PermitOperation(PermitOperationKind.ScanUnknown, string.Empty, asked, long.MaxValue));
            }
            else
            {
                Assert.Equal(["PERMIT_OPEN"], scanned.Refusal.Findings.Select(finding => finding.Code));
                Note(code, PermitOperationKind.RefusedOpen, string.Empty, asked);
            }
        }
    }

    private async Task ReportAsync(string code, int gun, string permit)
    {
        var request = new CompleteFillRequest
        {
            RequestId = FillingSite.NewId(), Report = new FillReport { PermitId = permit, TerminalId = "T1", GunId = $"G{gun}", GrossMassG = 20_000 },
        };
        var asked = PermitHistory.Now;
        if (await AskAsync(deadline => filling.CompleteFillAsync(request, deadline: deadline, cancellationToken: stopping.Token)) is { } completed)
        {
            Fills[permit] = completed.Position;
            Note(code, PermitOperationKind.UsedUp, permit, asked);
        }
        else
        {
            History.Add(code, new PermitOperation(PermitOperationKind.ReportUnknown, permit, asked, long.MaxValue));
        }
    }

    private void Note(string code, PermitOperationKind kind, string permit, long asked) => History.Add(code, new PermitOperation(kind, permit, asked, PermitHistory.Now));

    private async Task<TAnswer?> AskAsync<TAnswer>(Func<DateTime, AsyncUnaryCall<TAnswer>> call)
        where TAnswer : class
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var answer = await call((TimeProvider.System.GetUtcNow() + Deadline).UtcDateTime).ResponseAsync.WaitAsync(Deadline * 2);
                Interlocked.Increment(ref answered);
                return answer;
            }
            catch (TimeoutException)
            {
                Failed++;
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Aborted)
            {
                Failed++;
                await Task.Delay(Pause);
            }
        }

        return null;
    }
}
