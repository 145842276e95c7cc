using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Tailing;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace rebuild</c>: the typed tables, made again from position 0.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var command = new Command("rebuild", Language.Of("由账本重建查询表。服务须已停止。", "Make the typed tables again from the ledger. The server must not run.")) { data };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new SqliteOptions(result.GetValue(data)!.FullName);
            await using var store = SqliteLedgerStore.Open(options);
            SqliteProjectionStore.Delete(options);
            await using var projections = SqliteProjectionStore.Open(options);
            var head = await store.GetHeadAsync(cancellationToken);
            var projector = new Projector(store, new LedgerReader(store, new LedgerTail(head)), projections, TimeProvider.System, NullLogger<Projector>.Instance);
            await AnsiConsole.Progress().StartAsync(async context =>
            {
                var task = context.AddTask("entries", maxValue: Math.Max(head, 1));
                await projector.CatchUpAsync(new Progress<long>(position => task.Value = position), cancellationToken);
                task.Value = task.MaxValue;
            });
            Console.WriteLine(Language.Of($"已重建 {projector.Position} 条记录。", $"{projector.Position} entries projected."));
            return 0;
        });
        return command;
    }
}
