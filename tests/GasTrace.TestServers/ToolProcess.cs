using System.Diagnostics;
using System.Text;
using GasTrace.Terminal;
using Grpc.Net.Client;

namespace GasTrace.TestServers;

/// <summary>The real tool in a process of its own.</summary>
public sealed class ToolProcess : IDisposable
{
    private const string English = "C.UTF-8";
    private readonly Process process;

    private ToolProcess(Process process) => this.process = process;

    /// <summary>The folder that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Runs the tool to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunInAsync(English, arguments);

    /// <summary>Runs the tool to its end, for somebody whose system speaks a language.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunInAsync(string locale, params string[] arguments)
    {
        using var process = Start(arguments, locale: locale);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a server and waits until it serves.</summary>
    public static Task<ToolProcess> ServeAsync(params string[] options) => ServeUnderAsync([], options);

    /// <summary>Starts a server by another program, which may set it limits, and waits until it serves.</summary>
    /// <param name="launcher">The program and its arguments, to which the server's own command line is added.</param>
    /// <param name="options">The server's options.</param>
    public static async Task<ToolProcess> ServeUnderAsync(IReadOnlyList<string> launcher, params string[] options)
    {
        var tool = new ToolProcess(Start(["serve", "--port", "0", .. options], launcher));
        while (await tool.process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
            {
                tool.Address = line[at..line.IndexOf(". Ctrl", StringComparison.Ordinal)];
                _ = tool.process.StandardOutput.ReadToEndAsync();
                _ = tool.process.StandardError.ReadToEndAsync();
                return tool;
            }
        }

        throw new InvalidOperationException("The server did not start: " + await tool.process.StandardError.ReadToEndAsync());
    }

    /// <summary>A connection to it.</summary>
    public GrpcChannel Connect() => GasTraceChannel.Open(new Uri(Address));

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it does nothing, and its connections stay open.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on where it was.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>SIGTERM, as an operator stops it; answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments, IReadOnlyList<string>? launcher = null, string locale = English)
    {
        string[] line = [.. launcher ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "gastrace.dll"), .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment = { ["LC_ALL"] = locale },
        })!;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GasTrace.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("GasTrace.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
