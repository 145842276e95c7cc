using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.LoadTests.Scenarios;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace GasTrace.LoadTests.Baselines;

/// <summary>
/// The contract without the service: each request is read and answered with a message of the size of a real answer, and nothing is looked
/// up, decided or written. Scans are answered many at once and a little later, as by whoever waits for a commit; stations at once. No service
/// over the same contract and transport can be faster.
/// </summary>
internal sealed class EmptyFilling : FillingService.FillingServiceBase, IDisposable
{
    private static readonly TimeSpan AnsweredAfter = TimeSpan.FromMilliseconds(1);
    private static readonly ScanResponse Permitted = Permit();
    private static readonly BeginFillResponse Begun = new() { Position = 1_000_000, ReportBy = new Timestamp { Seconds = 1_800_000_000 } };
    private static readonly CompleteFillResponse Completed = new() { Position = 1_000_000, NetMassG = 14_700 };
    private static readonly AbortFillResponse Aborted = new() { Position = 1_000_000 };
    private readonly Timer timer;
    private readonly Lock gate = new();
    private TaskCompletionSource? commit;

    public EmptyFilling() => timer = new Timer(_ => Answer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => timer.Dispose();

    public override async Task<ScanResponse> Scan(ScanRequest request, ServerCallContext context)
    {
        await Commit();
        return Permitted;
    }

    public override async Task Station(IAsyncStreamReader<StationRequest> requestStream, IServerStreamWriter<StationResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var response = new StationResponse();
            foreach (var command in requestStream.Current.Commands)
            {
                response.Answers.Add(command.CommandCase switch
                {
                    StationCommand.CommandOneofCase.Scan => new StationAnswer { CorrelationId = command.CorrelationId, Scan = Permitted },
                    StationCommand.CommandOneofCase.Begin => new StationAnswer { CorrelationId = command.CorrelationId, Begin = Begun },
                    StationCommand.CommandOneofCase.Complete => new StationAnswer { CorrelationId = command.CorrelationId, Complete = Completed },
                    _ => new StationAnswer { CorrelationId = command.CorrelationId, Abort = Aborted },
                });
            }

            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    private Task Commit()
    {
        lock (gate)
        {
            if (commit is null)
            {
                commit = new(TaskCreationOptions.RunContinuationsAsynchronously);
                timer.Change(AnsweredAfter, Timeout.InfiniteTimeSpan);
            }

            return commit.Task;
        }
    }

    private void Answer()
    {
        TaskCompletionSource? done;
        lock (gate)
        {
            (done, commit) = (commit, null);
        }

        done?.SetResult();
    }

    private static ScanResponse Permit()
    {
        var terms = new PermitTerms
        {
            PermitId = PermitId.Of(City.CylinderId(0), 1), CylinderId = City.CylinderId(0), Code = IssuedIdentity.Code(City.Region, City.Seed(0)), StationId = City.StationId(0),
            TerminalId = City.TerminalId(0), GunId = City.GunId(0), Gas = "LPG", GasBatchId = City.GasBatchId(0), MaxNetMassG = 14_900, TareG = 16_500, IssuedAtUnixS = 1_800_000_000, ExpiresAtUnixS = 1_800_000_000, RulesVersion = 1,
        };
        return new ScanResponse { Permit = new Permit { Terms = terms, SignedTerms = terms.ToByteString(), HmacSha256 = ByteString.CopyFrom(new byte[32]) }, Position = 1_000_000 };
    }
}
