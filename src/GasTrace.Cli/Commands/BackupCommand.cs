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
        var to = new Option<DirectoryInfo>("--to") { Description = "Folder to write; must be empty or not exist.", Required = true };
        var command = new Command("backup", "Copy the ledger as it stands into a folder, while the server goes on.") { data, to };
        command.SetAction(async (result, cancellationToken) =>
        {
            long entries = 0;
            await AnsiConsole.Progress().StartAsync(async context =>
            {
                var task = context.AddTask("copying", maxValue: 1);
                entries = await SqliteBackup.RunAsync(
                    new SqliteOptions(result.GetValue(data)!.FullName), result.GetValue(to)!.FullName, new Progress<double>(done => task.Value = done), cancellationToken);
                task.Value = 1;
            });
            Console.WriteLine($"{entries} entries copied to {result.GetValue(to)!.FullName}. To restore, put master.key beside them and serve that folder.");
            return 0;
        });
        return command;
    }
}
