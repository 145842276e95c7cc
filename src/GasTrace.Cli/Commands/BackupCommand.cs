using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Ledger.Sqlite;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace backup</c>: a consistent copy, while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var to = new Option<DirectoryInfo>("--to") { Description = Language.Of("写入的目录；须为空或尚不存在。", "Folder to write; must be empty or not exist."), Required = true };
        var command = new Command("backup", Language.Of("在服务运行中把账本备份到一个目录。", "Copy the ledger as it stands into a folder, while the server goes on.")) { data, to };
        command.SetAction(async (result, cancellationToken) =>
        {
            long entries = 0;
            await AnsiConsole.Progress().StartAsync(async context =>
            {
                var task = context.AddTask(Language.Of("正在复制", "copying"), maxValue: 1);
                entries = await SqliteBackup.RunAsync(
                    new SqliteOptions(result.GetValue(data)!.FullName), result.GetValue(to)!.FullName, new Progress<double>(done => task.Value = done), cancellationToken);
                task.Value = 1;
            });
            var copy = result.GetValue(to)!.FullName;
            Console.WriteLine(Language.Of(
                $"已把 {entries} 条记录备份到 {copy}。恢复时把 master.key 放在其旁，再以该目录启动服务。",
                $"{entries} entries copied to {copy}. To restore, put master.key beside them and serve that folder."));
            return 0;
        });
        return command;
    }
}
