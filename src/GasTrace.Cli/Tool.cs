using System.CommandLine;
using GasTrace.Cli.Commands;
using GasTrace.Cli.Connecting;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Hosting;
using GasTrace.Server.Settings;
using Google.Rpc;
using Grpc.Core;
using Spectre.Console;

namespace GasTrace.Cli;

/// <summary>One tool for everything. Exit code 0 only on success; 1 when the thing asked for failed; 2 when it could not start.</summary>
public static class Tool
{
    /// <summary>The command did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The command could not start: wrong arguments, data folder in use, server out of reach.</summary>
    public const int CannotStart = 2;

    /// <summary>Runs a command line.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(Language.Of("GasTrace：一瓶一码、一扫一充。", "GasTrace: one cylinder, one code; one scan, one fill (一瓶一码、一扫一充)."))
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            RehearseCommand.Create(),
            ImportCommand.Create(),
            ScanCommand.Create(),
            FillCommand.Create(),
            FollowCommand.Create(),
            ShowCommand.Create(),
            HistoryCommand.Create(),
            HealthCommand.Create(),
            BackupCommand.Create(),
            CopyCommand.Create(),
            RebuildCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync(Language.Of("用法见 --help。", "Try --help."));
            return CannotStart;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StoreStartException error)
        {
            return await SayAsync(Language.Of(error.Text), CannotStart);
        }
        catch (SettingException error)
        {
            return await SayAsync(Language.Of(error.Text), CannotStart);
        }
        catch (NodeStoppedException error)
        {
            return await SayAsync(Language.Of(error.Text), Failed);
        }
        catch (CopyDiffersException error)
        {
            return await SayAsync(Language.Of(error.Text), Failed);
        }
        catch (StoreUnavailableException error)
        {
            return await SayAsync(Language.Of($"存储不可用：{error.Message}", error.Message), Failed);
        }
        catch (RpcException error)
        {
            return await SayAsync(Explain(error), error.StatusCode == StatusCode.Unavailable ? CannotStart : Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return await SayAsync(error.Message, CannotStart);
        }
        catch (OperationCanceledException)
        {
            return await SayAsync(Language.Of("已取消。", "Cancelled."), Failed);
        }
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }

    private static string Explain(RpcException error)
    {
        var status = error.GetRpcStatus();
        var reason = status?.GetDetail<ErrorInfo>()?.Reason;
        var text = string.Join(Environment.NewLine, StatusText.FieldsOf(status).DefaultIfEmpty(StatusText.Of(error)));
        if (error is { StatusCode: StatusCode.Unavailable, Status.DebugException: not null })
        {
            return Language.Of($"Unavailable：无法连接服务。{text}", $"Unavailable: the server cannot be reached. {text}");
        }

        return reason is null ? $"{error.StatusCode}: {text}" : $"{error.StatusCode} ({reason}): {text}";
    }
}
