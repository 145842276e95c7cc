using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Cli.Following;
using GasTrace.Terminal;
using GasTrace.V1;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace follow</c>: the record, live and resumable.</summary>
internal static class FollowCommand
{
    public static Command Create()
    {
        var from = new Option<long?>("--from") { Description = "Next position wanted: how many entries you hold. Default: the first." };
        var head = new Option<bool>("--head") { Description = "Only what comes from now on." };
        var cursor = CommonOptions.Text("--cursor", "A cursor kept by the server; confirmed after each batch is printed.");
        var regions = new Option<string[]>("--region") { Description = "Only this region or its first digits.", AllowMultipleArgumentsPerToken = true };
        var stations = new Option<string[]>("--station") { Description = "Only this station.", AllowMultipleArgumentsPerToken = true };
        var kinds = new Option<string[]>("--kind") { Description = "Only this kind, for instance fill_completed.", AllowMultipleArgumentsPerToken = true };
        var once = new Option<bool>("--once") { Description = "End when the head is reached." };
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("follow", "Follow the record: history first, then live; reconnects and resumes by itself.")
        {
            from, head, cursor, regions, stations, kinds, once, server, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var request = new SubscribeRequest { Filter = new EntryFilter() };
            request.Filter.RegionPrefixes.Add(result.GetValue(regions) ?? []);
            request.Filter.StationIds.Add(result.GetValue(stations) ?? []);
            request.Filter.Kinds.Add(result.GetValue(kinds) ?? []);
            if (result.GetValue(cursor) is { Length: > 0 } name)
            {
                request.Cursor = name;
            }
            else if (result.GetValue(head))
            {
                request.Edge = Edge.Head;
            }
            else
            {
                request.NextPosition = result.GetValue(from) ?? 0;
            }

            var follower = new LedgerFollower(connection.Supervision, request, TimeProvider.System) { Lost = why => Console.Error.WriteLine($"Connection lost ({why}); trying again.") };
            await follower.RunAsync(response => PrintAsync(response, connection, request, result.GetValue(json), result.GetValue(once), cancellationToken), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async ValueTask<bool> PrintAsync(
        SubscribeResponse response, ServerConnection connection, SubscribeRequest request, bool json, bool once, CancellationToken cancellationToken)
    {
        foreach (var entry in response.Batch?.Entries ?? [])
        {
            Console.WriteLine(json ? MessageJson.Of(entry) : EntryLine.Of(entry));
        }

        if (response.Batch is { } batch && request.StartCase == SubscribeRequest.StartOneofCase.Cursor)
        {
            await connection.Supervision.AcknowledgeAsync(
                new AcknowledgeRequest { Cursor = request.Cursor, NextPosition = batch.NextPosition }, cancellationToken: cancellationToken);
        }

        return !(once && response.CaughtUp is not null);
    }
}
