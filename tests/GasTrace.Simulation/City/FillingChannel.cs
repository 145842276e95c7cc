using GasTrace.Simulation.Checking;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Simulation.City;

/// <summary>How the guns of a terminal reach the service: call by call, or all over one stream that is opened again when it breaks.</summary>
internal sealed class FillingChannel(World world, string name, bool overStream)
{
    private readonly Caller caller = new(world, name);
    private StationLink? link;

    public Task<ScanResponse?> ScanAsync(ScanRequest scan) => caller.AskAsync(
        scan.RequestId,
        scan,
        () => overStream ? OverStreamAsync(link => link.ScanAsync(scan, default)) : caller.Filling.ScanAsync(scan).ResponseAsync,
        answer => world.Referee.Answered(
            scan.RequestId,
            scan,
            answer.Position,
            answer.Permit is null ? Event.BodyOneofCase.ScanRefused : Event.BodyOneofCase.PermitIssued,
            answer.Permit?.Terms.PermitId ?? string.Empty,
            answer.Permit is null ? Referee.Bits(answer.Refusal.Findings) : 0));

    public Task<BeginFillResponse?> BeginAsync(BeginFillRequest begin) => caller.AskAsync(
        begin.RequestId,
        begin,
        () => overStream ? OverStreamAsync(link => link.BeginAsync(begin, default)) : caller.Filling.BeginFillAsync(begin).ResponseAsync,
        answer => world.Referee.Answered(begin.RequestId, begin, answer.Position, Event.BodyOneofCase.FillBegun, begin.PermitId, 0));

    public Task<CompleteFillResponse?> CompleteAsync(CompleteFillRequest complete) => caller.AskAsync(
        complete.RequestId,
        complete,
        () => overStream ? OverStreamAsync(link => link.CompleteAsync(complete, default)) : caller.Filling.CompleteFillAsync(complete).ResponseAsync,
        answer => world.Referee.Answered(
            complete.RequestId, complete, answer.Position, Event.BodyOneofCase.FillCompleted, complete.Report.PermitId, Referee.Bits(answer.Violations)));

    public Task<AbortFillResponse?> AbortAsync(AbortFillRequest abort) => caller.AskAsync(
        abort.RequestId,
        abort,
        () => overStream ? OverStreamAsync(link => link.AbortAsync(abort, default)) : caller.Filling.AbortFillAsync(abort).ResponseAsync,
        answer => world.Referee.Answered(abort.RequestId, abort, answer.Position, Event.BodyOneofCase.FillAborted, abort.PermitId, 0));

    public Task<VoidFillResponse?> VoidAsync(VoidFillRequest away) => caller.AskAsync(
        away.RequestId,
        away,
        () => caller.Filling.VoidFillAsync(away).ResponseAsync,
        answer => world.Referee.Answered(away.RequestId, away, answer.Position, Event.BodyOneofCase.FillVoided, away.PermitId, 0));

    public Task VerifyAsync(string scanned) => caller.ReadAsync("Verify", () => caller.Filling.VerifyAsync(new VerifyRequest { Scanned = scanned }).ResponseAsync);

    // The stream has no deadlines of its own: a terminal that waits too long takes it for dead.
    private async Task<TAnswer> OverStreamAsync<TAnswer>(Func<StationLink, Task<TAnswer>> ask)
    {
        if (link is { Ended.IsCompleted: true })
        {
            link = null;
        }

        var used = link ??= new StationLink(caller.Filling, Noticed, world.Clock);
        try
        {
            return await ask(used).WaitAsync(Network.Network.Deadline, world.Clock);
        }
        catch (Exception error) when (error is TimeoutException || (error is RpcException rpc && rpc.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled))
        {
            if (ReferenceEquals(link, used))
            {
                link = null;
                _ = used.DisposeAsync().AsTask();
            }

            throw error as RpcException ?? new RpcException(new Status(StatusCode.DeadlineExceeded, "no answer in time"));
        }
    }

    private void Noticed(StationNotice notice)
    {
        var kind = notice.NoticeCase switch
        {
            StationNotice.NoticeOneofCase.PermitRevoked => Event.BodyOneofCase.FillAborted,
            StationNotice.NoticeOneofCase.LockChanged => Event.BodyOneofCase.ScaleLockChanged,
            _ => Event.BodyOneofCase.StationStatusChanged,
        };
        if (notice.Position >= world.Referee.Entries.Count || world.Referee.Entries[(int)notice.Position].Kind != kind)
        {
            world.Break($"{name} was given a notice that is not in the ledger: {notice}");
        }
    }
}
