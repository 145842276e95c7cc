using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GasTrace.TestServers;

/// <summary>A redis-server process that keeps nothing on disk.</summary>
public sealed class RedisServer : RespServer
{
    private readonly string[] settings;

    private Process? process;

    /// <summary>A server on a free port.</summary>
    /// <param name="settings">More of its settings, as on its command line.</param>
    public RedisServer(params string[] settings) => this.settings = settings;

    /// <summary>A server on a port, or a free one.</summary>
    public RedisServer(int? port, params string[] settings)
        : base(port) => this.settings = settings;

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    /// <inheritdoc />
    public override async Task StartAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        var tls = settings.Contains("--tls-cert-file");
        List<string> arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), .. tls ? ["--port", "0", "--tls-port", port] : (string[])["--port", port], .. settings];
        process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

        // Its own word for it: on its port may listen somebody else, who was faster.
        var said = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
            else if (!ready.Task.IsCompleted)
            {
                said.AppendLine(line.Data);
            }
        };
        process.BeginOutputReadLine();
        _ = process.StandardError.ReadToEndAsync();
        await Task.WhenAny(ready.Task, process.WaitForExitAsync());
        if (process.HasExited)
        {
            throw new InvalidOperationException($"redis-server has ended: {said}");
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync()
    {
        if (process is { } running)
        {
            Resume();
            running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
            process = null;
        }
    }

    /// <summary>Freezes it: connections stay open and nothing is answered.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Resume() => Signal("CONT");

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", $"-{name} {process!.Id}");
        kill.WaitForExit();
    }
}
