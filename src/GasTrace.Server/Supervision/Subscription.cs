using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Hosting;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Supervision;

/// <summary>
/// One subscriber's reading: from the store while catching up, from the tail's window once live, and back by itself when it
/// falls behind. One loop writes entries and heartbeats, so writes never overlap.
/// </summary>
internal sealed class Subscription(
    LedgerReader reader, CatchUpGate gate, EntryMatcher matcher, SubscriptionTerms terms, TimeProvider time, Func<SubscribeFrame, Task> write, Action<long> given,
    Func<CancellationToken, Task> check)
{
    private long next;
    private long lastWrite;
    private long lastEntries;
    private long lastCheck = time.GetTimestamp();
    private int scannedSilently;
    private bool live;

    /// <summary>Delivers from a position on until cancelled.</summary>
    public async Task RunAsync(string ledgerId, long start, CancellationToken cancellationToken)
    {
        next = start;
        await WriteAsync(new SubscribeResponse
        {
            Started = new Started
            {
                LedgerId = ledgerId,
                NextPosition = start,
                Head = reader.Head,
                BatchEntriesMax = terms.BatchEntriesMax,
                BatchBytesMax = terms.BatchBytesMax,
                Heartbeat = Duration.FromTimeSpan(terms.Heartbeat),
            },
        });
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (entries, fromTail) = await gate.ReadAsync(reader, next, terms.BatchEntriesMax, cancellationToken);
            if (live && !fromTail)
            {
                live = false;
                await WriteAsync(new SubscribeResponse { FellBehind = new FellBehind { NextPosition = next, Head = reader.Head } });
            }

            await DeliverAsync(entries);
            var behind = entries.Count == terms.BatchEntriesMax;
            if (!live && fromTail && !behind)
            {
                live = true;
                await WriteAsync(new SubscribeResponse { CaughtUp = new CaughtUp { NextPosition = next } });
            }

            if (live && !behind)
            {
                await GatherAsync(cancellationToken);
            }

            await BeatAsync(cancellationToken);
        }
    }

    // What comes fast comes with each commit. That many messages would cost the service, the reader and everybody who shares their
    // processors more than their entries do.
    private async Task GatherAsync(CancellationToken cancellationToken)
    {
        var left = ServerLimits.LiveGathering - time.GetElapsedTime(lastEntries);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (live)
        {
            var left = terms.Heartbeat - time.GetElapsedTime(lastWrite);
            if (left > TimeSpan.Zero)
            {
                await reader.WaitAsync(next, left, time, cancellationToken);
            }
        }

        if (time.GetElapsedTime(lastCheck) >= terms.Heartbeat)
        {
            await check(cancellationToken);
            lastCheck = time.GetTimestamp();
        }

        if (time.GetElapsedTime(lastWrite) >= terms.Heartbeat || scannedSilently >= ServerLimits.ScannedBeforeProgressMax)
        {
            var now = new Moment(time.GetUtcNow()).ToTimestamp();
            await WriteAsync(new SubscribeResponse { Progress = new Progress { NextPosition = next, Head = reader.Head, ServerTime = now } });
        }
    }

    private async Task DeliverAsync(IReadOnlyList<LedgerEntry> entries)
    {
        List<LedgerEntry> batch = new(entries.Count);
        var bytes = 0;
        foreach (var entry in entries)
        {
            if (matcher.Matches(entry.Header))
            {
                var size = SubscribeFrame.SizeOf(entry);
                if (batch.Count > 0 && bytes + size > terms.BatchBytesMax)
                {
                    await WriteAsync(new SubscribeFrame(batch, next));
                    batch = [];
                    bytes = 0;
                }

                batch.Add(entry);
                bytes += size;
            }

            next = entry.Position + 1;
        }

        if (entries.Count > 0)
        {
            lastEntries = time.GetTimestamp();
        }

        scannedSilently += entries.Count;
        if (batch.Count > 0)
        {
            await WriteAsync(new SubscribeFrame(batch, next));
        }
    }

    private Task WriteAsync(SubscribeResponse message) => WriteAsync(new SubscribeFrame(message));

    private async Task WriteAsync(SubscribeFrame frame)
    {
        // Given before it is written: a client may confirm what it has just read.
        given(next);
        await write(frame);
        lastWrite = time.GetTimestamp();
        scannedSilently = 0;
    }
}
