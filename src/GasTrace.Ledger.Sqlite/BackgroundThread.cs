using System.Runtime.InteropServices;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// A thread for work that no request waits for: it takes what requests leave of the processors. While a commit waits for the
/// disk there is time that nobody else uses, and when there is none, a scan does not queue behind the flushing of cards.
/// </summary>
internal sealed class BackgroundThread
{
    // A tenth of the weight of other threads: enough that the work goes on beside processors that are always busy.
    private const int NicerBy = 10;
    private readonly Thread thread;

    /// <summary>Starts it.</summary>
    /// <param name="name">Its name, for whoever looks at the process.</param>
    /// <param name="work">
    /// What it does. It must not hand anything to the pool: a worker that is started on the way would stand back as well, for good.
    /// </param>
    public BackgroundThread(string name, Action work)
    {
        thread = new Thread(() =>
        {
            StandBack();
            work();
        })
        { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Does one piece of work on a thread of its own. Who awaits it goes on in the pool.</summary>
    public static Task<TResult> RunAsync<TResult>(string name, Func<TResult> work)
    {
        var job = new Task<TResult>(work);
        var told = new TaskCompletionSource<TResult>();
        var ended = new ManualResetEvent(false);
        ThreadPool.RegisterWaitForSingleObject(ended, (_, _) =>
        {
            ended.Dispose();
            told.SetFromTask(job);
        }, null, Timeout.Infinite, executeOnlyOnce: true);
        _ = new BackgroundThread(name, () =>
        {
            job.RunSynchronously(TaskScheduler.Default);
            ended.Set();
        });
        return told.Task;
    }

    /// <summary>Waits for its end.</summary>
    public void Join() => thread.Join();

    // The runtime's own priorities change nothing on Linux. There a thread, and it alone, may always make itself nicer, and never less
    // so again. By so much more than it is: a service that was started nice has nice requests, and they come first too.
    private static void StandBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Nice(NicerBy);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [DllImport("libc", EntryPoint = "nice")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Nice(int increment);
}
