using System.CommandLine;
using System.Globalization;
using GasTrace.Cli.Connecting;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace fill</c>: begin and report a fill, or give a permit up.</summary>
internal static class FillCommand
{
    public static Command Create()
    {
        var permit = new Argument<string>("permit") { Description = Language.Of("许可编号。", "Id of the permit.") };
        var terminal = CommonOptions.RequiredText("--terminal", Language.Of("终端号。", "Id of the terminal."));
        var gun = CommonOptions.RequiredText("--gun", Language.Of("枪号。", "Id of the gun."));
        var gross = new Option<int?>("--gross-g") { Description = Language.Of("充装后毛重，克。", "Gross mass after filling, grams.") };
        var abort = new Option<bool>("--abort") { Description = Language.Of("放弃该许可。", "Give the permit up instead.") };
        var reason = CommonOptions.Text("--reason", Language.Of("放弃的原因。", "Why it is given up."));
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("fill", Language.Of("开始并上报一次充装（充装后检查均合格）。违规时退出码为 1。", "Begin and report a fill, all post-fill checks passed. Exit code 1 when it broke a rule."))
        {
            permit, terminal, gun, gross, abort, reason, server, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var at = (Permit: result.GetValue(permit)!, Terminal: result.GetValue(terminal)!, Gun: result.GetValue(gun)!);
            if (result.GetValue(abort))
            {
                var aborted = await connection.Filling.AbortFillAsync(
                    new AbortFillRequest { RequestId = CommonOptions.NewRequestId(), PermitId = at.Permit, TerminalId = at.Terminal, Reason = result.GetValue(reason) },
                    cancellationToken: cancellationToken);
                Console.WriteLine(result.GetValue(json) ? MessageJson.Of(aborted) : Language.Of($"已放弃；记录位置 {aborted.Position}。", $"Given up; entry {aborted.Position}."));
                return 0;
            }

            var mass = result.GetValue(gross) ?? throw new FormatException(Language.Of("--gross-g：未给 --abort 时必填", "--gross-g: must be given unless --abort is"));
            var completed = await FillAsync(connection, at, mass, cancellationToken);
            Print(completed, result.GetValue(json));
            return completed.Violations.Count == 0 ? 0 : Tool.Failed;
        });
        return command;
    }

    private static async Task<CompleteFillResponse> FillAsync(
        ServerConnection connection, (string Permit, string Terminal, string Gun) at, int grossMassG, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetUtcNow();
        await connection.Filling.BeginFillAsync(
            new BeginFillRequest { RequestId = CommonOptions.NewRequestId(), PermitId = at.Permit, TerminalId = at.Terminal, GunId = at.Gun },
            cancellationToken: cancellationToken);
        var report = new FillReport
        {
            PermitId = at.Permit,
            TerminalId = at.Terminal,
            GunId = at.Gun,
            GrossMassG = grossMassG,
            StartedAt = Timestamp.FromDateTimeOffset(started),
            EndedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        };
        report.Checks.Add(Checks.AllPassedAfter());
        return await connection.Filling.CompleteFillAsync(
            new CompleteFillRequest { RequestId = CommonOptions.NewRequestId(), Report = report }, cancellationToken: cancellationToken);
    }

    private static void Print(CompleteFillResponse completed, bool json)
    {
        if (json)
        {
            Console.WriteLine(MessageJson.Of(completed));
            return;
        }

        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"已记录 recorded: {completed.NetMassG} g, 记录位置 entry {completed.Position}");
        if (completed.Violations.Count > 0)
        {
            AnsiConsole.MarkupLine("[red]违规 violations[/]");
            FindingTable.Print(completed.Violations);
        }
    }
}
