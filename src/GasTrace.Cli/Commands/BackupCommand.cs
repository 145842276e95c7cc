using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Ledger.Sqlite;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace backup</c>: a consistent copy, while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var to = new Option<FileInfo>("--to") { Description = "File to write; must not exist.", Required = true };
        var command = new Command("backup", "Copy the ledger as it stands into a file, while the server goes on.") { data, to };
        command.SetAction(async (result, cancellationToken) =>
        {
            var entries = await SqliteBackup.RunAsync(new SqliteOptions(result.GetValue(data)!.FullName), result.GetValue(to)!.FullName, cancellationToken).ConfigureAwait(false);
            Console.WriteLine($"{entries} entries copied to {result.GetValue(to)!.FullName}. To restore, put it as ledger.db into an empty data folder, with master.key beside it.");
            return 0;
        });
        return command;
    }
}
