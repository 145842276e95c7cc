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
        var from = new Option<long?>("--from") { Description = Language.Of("想要的下一位置，即已持有的记录数。默认从第一条开始。", "Next position wanted: how many entries you hold. Default: the first.") };
        var head = new Option<bool>("--head") { Description = Language.Of("只看此后的记录。", "Only what comes from now on.") };
        var cursor = CommonOptions.Text("--cursor", Language.Of("由服务端保存的游标；每批输出后即确认。", "A cursor kept by the server; confirmed after each batch is printed."));
        var regions = new Option<string[]>("--region") { Description = Language.Of("只看该区划（或其前几位）。", "Only this region or its first digits."), AllowMultipleArgumentsPerToken = true };
        var stations = new Option<string[]>("--station") { Description = Language.Of("只看该充装站。", "Only this station."), AllowMultipleArgumentsPerToken = true };
        var kinds = new Option<string[]>("--kind") { Description = Language.Of("只看该类记录，例如 fill_completed。", "Only this kind, for instance fill_completed."), AllowMultipleArgumentsPerToken = true };
        var once = new Option<bool>("--once") { Description = Language.Of("到达账本末端即结束。", "End when the head is reached.") };
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("follow", Language.Of("跟随账本：先历史，后实时；断线自动重连续读。", "Follow the record: history first, then live; reconnects and resumes by itself."))
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

            var follower = new LedgerFollower(connection.Supervision, request, TimeProvider.System) { Lost = why => Console.Error.WriteLine(Language.Of($"连接中断（{why}），正在重试。", $"Connection lost ({why}); trying again.")) };
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
