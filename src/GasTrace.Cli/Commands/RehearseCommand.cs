using System.CommandLine;
using System.Globalization;
using GasTrace.Cli.Connecting;
using GasTrace.Cli.Importing;
using GasTrace.Cli.Rehearsal;
using GasTrace.Domain.Deciding;
using GasTrace.Server.Hosting;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace rehearse</c>: the acceptance kit for people who bring their own register.</summary>
internal static class RehearseCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = Language.Of("含 气瓶.csv、充装站.csv、终端.csv、作业人员.csv、气源批次.csv、托管.csv、黑名单.csv 和 动作.csv 的目录。", "Folder with 气瓶.csv, 充装站.csv, 终端.csv, 作业人员.csv, 气源批次.csv, 托管.csv, 黑名单.csv and 动作.csv.") };
        var today = CommonOptions.Text("--today", Language.Of("日期，例如 2026-11-23；不给为今天。时钟停在北京时间中午。", "The day, for instance 2026-11-23; today unless given. The clock stands at noon in Asia/Shanghai."));
        var json = CommonOptions.Json();
        var command = new Command("rehearse", Language.Of("在自备登记表上执行一天的动作并逐条比对应答。有不符时退出码为 1。登记表中有误的行会列出，其余照常登记。", "Perform a day of actions on a register of one's own and compare each answer. Exit code 1 when one differs. Rows of the register that break a rule are reported; the others go in.")) { folder, today, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var report = await RunAsync(result.GetValue(folder)!.FullName, DayOf(result.GetValue(today)!), cancellationToken);
            Print(report, result.GetValue(json));
            return report.Differed == 0 ? 0 : Tool.Failed;
        });
        return command;
    }

    private static async Task<RehearsalReport> RunAsync(string folder, DateOnly day, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new FormatException(Language.Of($"没有目录 '{folder}'。", $"There is no folder '{folder}'."));
        }

        var store = Directory.CreateTempSubdirectory("gastrace-rehearsal-");
        try
        {
            await using var node = await GasTraceNode.StartAsync(
                GasTraceOptions.OnSqlite(store.FullName) with { Port = 0, Time = FixedClock.NoonOf(day) }, cancellationToken);
            using var connection = new ServerConnection(node.Address);
            var loader = new RegisterLoader(connection, folder);
            await loader.LoadAsync(cancellationToken);
            var actions = CsvFile.Read(Path.Combine(folder, "动作.csv"), "动作", "序号", "终端号", "枪号", "工号", "气源批次", "扫描内容", "充装前检查", "期望", "原因", "引用", "毛重_g", "充装后检查");
            return await new RehearsalRun(connection).RunAsync(actions, loader.Refused, cancellationToken);
        }
        finally
        {
            store.Delete(recursive: true);
        }
    }

    private static DateOnly DayOf(string text) =>
        text.Length == 0 ? new Moment(TimeProvider.System.GetUtcNow()).Today
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new FormatException(Language.Of($"--today '{text}'：须为日期，例如 2026-11-23", $"--today '{text}': must be a date, for instance 2026-11-23"));

    private static void Print(RehearsalReport report, bool json)
    {
        foreach (var row in report.Refused)
        {
            Console.Error.WriteLine(Language.Of($"{row.File} 第 {row.Line} 行未登记：{row.Error}", $"{row.File}, line {row.Line}, did not go in: {row.Error}"));
        }

        if (json)
        {
            Console.WriteLine(ReportJson.Of(report));
            return;
        }

        if (report.Differed > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("行 line", "动作 action", "期望 expected", "应答 answered");
            foreach (var row in report.Differences)
            {
                table.AddRow($"{row.Line}", Markup.Escape(row.Action), Markup.Escape(Text(row.Expected)), Markup.Escape(Text(row.Answered)));
            }

            AnsiConsole.Write(table);
        }

        Console.WriteLine($"{report.Agreed} agreed, {report.Differed} differed");
    }

    private static string Text(Verdict verdict) => verdict.Codes.Length == 0 ? verdict.Outcome : $"{verdict.Outcome} {verdict.Codes}";
}
