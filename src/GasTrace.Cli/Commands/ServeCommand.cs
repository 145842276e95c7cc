using System.CommandLine;
using System.Net;
using GasTrace.Cli.Connecting;
using GasTrace.Server.Hosting;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace serve</c>: a node on the embedded store.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var address = new Option<string>("--address") { Description = "IP address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 takes a free one.", DefaultValueFactory = _ => 5080 };
        var cards = new Option<int>("--cached-cards") { Description = "Cards kept in memory.", DefaultValueFactory = _ => Ledger.LedgerLimits.CachedCardsDefault };
        var queue = new Option<int>("--queue") { Description = "Requests that may wait for the writer.", DefaultValueFactory = _ => Ledger.LedgerLimits.QueueUnitsMax };
        var cache = new Option<int>("--cache-mib") { Description = "Page cache of the database, MiB.", DefaultValueFactory = _ => 256 };
        var unflushed = new Option<int>("--unflushed-cards") { Description = "Changed cards that may wait in memory to be written, half a kilobyte each.", DefaultValueFactory = _ => Ledger.Sqlite.SqliteOptions.UnflushedCardsDefault };
        var command = new Command("serve", "Serve terminals, companies and regulators on the embedded store.") { data, address, port, cards, queue, cache, unflushed };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new GasTraceOptions(result.GetValue(data)!.FullName)
            {
                Address = IPAddress.TryParse(result.GetValue(address), out var ip)
                    ? ip
                    : throw new FormatException($"--address '{result.GetValue(address)}': must be an IP address"),
                Port = Within("--port", result.GetValue(port), 0, 65_535),
                CachedCardsMax = Within("--cached-cards", result.GetValue(cards), 1_000, 50_000_000),
                QueueUnitsMax = Within("--queue", result.GetValue(queue), 16, 1_000_000),
                WriterCacheMib = Within("--cache-mib", result.GetValue(cache), 8, 1_000_000),
                UnflushedCardsMax = Within("--unflushed-cards", result.GetValue(unflushed), 16, 10_000_000),
                Console = true,
            };
            await using var node = await GasTraceNode.StartAsync(options, cancellationToken).ConfigureAwait(false);
            Console.WriteLine($"GasTrace serves {options.DataFolder} at {node.Address}. Ctrl+C stops it.");
            await node.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static int Within(string name, int value, int min, int max) =>
        value >= min && value <= max ? value : throw new FormatException($"{name} '{value}': must be {min} to {max}");
}
