using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Simulation.Clockwork;

namespace GasTrace.Simulation.Stores;

/// <summary>The one database of all nodes: slow, sometimes away, sometimes mute. What it has committed stands.</summary>
internal sealed class Database
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private readonly Process process;
    private readonly Draw random;

    public Database(Scheduler scheduler, SimulatedFault fault)
    {
        process = new Process(scheduler, "database");
        random = scheduler.Random;
        Fault = fault;
        Ledger = new InMemoryLedgerStore(fault switch
        {
            SimulatedFault.SkipsVersionChecks => PlantedFault.SkipsVersions,
            SimulatedFault.CachedCardsDecideAlone => PlantedFault.SkipsReads,
            _ => PlantedFault.None,
        })
        { LedgerId = "simulated" };
    }

    public SimulatedFault Fault { get; }

    public InMemoryLedgerStore Ledger { get; }

    public InMemoryProjectionStore Projections { get; } = new();

    /// <summary>Whether it is away: calls fail, and nothing they wanted happens.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Mean time of a call.</summary>
    public double DelaySeconds { get; set; } = 0.003;

    /// <summary>Share of calls that fail before they do anything.</summary>
    public double FailShare { get; set; }

    /// <summary>Share of calls that are done, and whose reply is lost.</summary>
    public double LostReplyShare { get; set; }

    /// <summary>Told after every append.</summary>
    public Action Appended { get; set; } = () => { };

    /// <summary>A call over a node's line: it goes there, is done or not, and comes back or not.</summary>
    public Task<TAnswer> CallAsync<TAnswer>(Line line, bool writes, Func<TAnswer> act, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TAnswer>();
        var giveUp = cancellationToken.CanBeCanceled ? cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken)) : default;
        process.After(Delay(), () =>
        {
            if (line.IsCut || IsStopped || (FailShare > 0 && random.Chance(FailShare)))
            {
                process.After(random.Chance(0.5) ? Delay() : Deadline, () => Fail("the database is away"));
                return;
            }

            var done = act();
            if (writes)
            {
                Appended();
            }

            if (line.IsCut || (LostReplyShare > 0 && random.Chance(LostReplyShare)))
            {
                process.After(Deadline, () => Fail("the reply was lost"));
                return;
            }

            process.After(Delay(), () =>
            {
                giveUp.Dispose();
                answer.TrySetResult(done);
            });
        });
        return answer.Task;

        void Fail(string why)
        {
            giveUp.Dispose();
            answer.TrySetException(new StoreUnavailableException(why));
        }
    }

    /// <summary>Does something at the database a little later, whoever asked for it may do.</summary>
    public void Later(Action action) => process.After(Delay() + Delay(), action);

    private TimeSpan Delay() => random.About(DelaySeconds);
}

/// <summary>A node's line to the database, which can be cut.</summary>
internal sealed class Line
{
    public bool IsCut { get; set; }
}
