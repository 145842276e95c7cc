using System.CommandLine;
using System.Globalization;
using GasTrace.Cli.Connecting;
using GasTrace.V1;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace scan</c>: one scan, as a terminal would.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var scanned = new Argument<string>("scanned") { Description = Language.Of("扫到的内容：瓶码、网址或 GS1 元素串。", "What the scanner read: a code, a URL, a GS1 element string.") };
        var terminal = CommonOptions.RequiredText("--terminal", Language.Of("终端号。", "Id of the terminal."));
        var gun = CommonOptions.RequiredText("--gun", Language.Of("枪号。", "Id of the gun."));
        var person = CommonOptions.RequiredText("--operator", Language.Of("充装人员工号。", "Id of the operator."));
        var batch = CommonOptions.RequiredText("--gas-batch", Language.Of("气源批次号。", "Id of the gas batch."));
        var requestId = CommonOptions.Text("--request-id", Language.Of("请求的 UUID；重复发送得到同一应答。不给则新建。", "UUID of the request; a repeat gets the same answer. A new one unless given."));
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("scan", Language.Of("询问气瓶可否充装（充装前检查均合格）。被拒绝时退出码为 1。", "Ask whether a cylinder may be filled, all pre-fill checks passed. Exit code 1 when refused."))
        {
            scanned, terminal, gun, person, batch, requestId, server, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var request = new ScanRequest
            {
                RequestId = result.GetValue(requestId) is { Length: > 0 } given ? given : CommonOptions.NewRequestId(),
                TerminalId = result.GetValue(terminal),
                GunId = result.GetValue(gun),
                OperatorId = result.GetValue(person),
                GasBatchId = result.GetValue(batch),
                Scanned = result.GetValue(scanned),
            };
            request.Checks.Add(Checks.AllPassed());
            var response = await connection.Filling.ScanAsync(request, cancellationToken: cancellationToken);
            Print(response, result.GetValue(json));
            return response.Permit is null ? Tool.Failed : 0;
        });
        return command;
    }

    private static void Print(ScanResponse response, bool json)
    {
        if (json)
        {
            Console.WriteLine(MessageJson.Of(response));
            return;
        }

        if (response.Permit is { } permit)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]许可 permit[/] {permit.Terms.PermitId}");
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  皮重 tare {permit.Terms.TareG} g, 最大充装量 at most {permit.Terms.MaxNetMassG} g {permit.Terms.Gas}, 有效至 until {DateTimeOffset.FromUnixTimeSeconds(permit.Terms.ExpiresAtUnixS):O}");
        }
        else
        {
            AnsiConsole.MarkupLine("[red]拒绝 refused[/]");
            FindingTable.Print(response.Refusal.Findings);
        }

        if (response.Warnings.Count > 0)
        {
            AnsiConsole.MarkupLine("[yellow]提醒 warnings[/]");
            FindingTable.Print(response.Warnings);
        }
    }
}
