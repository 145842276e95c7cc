using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Cli.Following;
using GasTrace.V1;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace history</c>: everything that happened to a cylinder.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var cylinder = new Argument<string>("cylinder") { Description = Language.Of("气瓶编号、瓶码或任一标识。", "Id, code or any alias.") };
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("history", Language.Of("一只气瓶的全部经历，按先后次序。", "Everything that happened to a cylinder, in order.")) { cylinder, server, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var found = await CylinderLookup.FindAsync(connection, result.GetValue(cylinder)!, cancellationToken);
            var token = string.Empty;
            do
            {
                var page = await connection.Registry.GetHistoryAsync(
                    new GetHistoryRequest { CylinderId = found.CylinderId, PageToken = token }, cancellationToken: cancellationToken);
                foreach (var entry in page.Entries)
                {
                    Console.WriteLine(result.GetValue(json) ? MessageJson.Of(entry) : EntryLine.Of(entry));
                }

                token = page.NextPageToken;
            }
            while (token.Length > 0);
            return 0;
        });
        return command;
    }
}
