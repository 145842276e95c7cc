using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.V1;
using Google.Protobuf;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace show</c>: what the register says of one thing.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = Language.Of("cylinder 气瓶、station 充装站、terminal 终端、operator 充装人员、limits 限值或 statistics 统计。", "cylinder, station, terminal, operator, limits or statistics.") };
        what.AcceptOnlyFromAmong("cylinder", "station", "terminal", "operator", "limits", "statistics");
        var id = new Argument<string>("id") { Description = Language.Of("编号；气瓶也可用扫码内容或任一标识；统计为区划前几位。", "Its id; for a cylinder also what a scanner reads or any alias; for statistics a region's first digits."), Arity = ArgumentArity.ZeroOrOne };
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("show", Language.Of("显示登记内容。", "Show what the register says.")) { what, id, server, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var message = await AskAsync(connection, result.GetValue(what)!, result.GetValue(id) ?? string.Empty, cancellationToken);
            if (result.GetValue(json))
            {
                Console.WriteLine(MessageJson.Of(message));
            }
            else
            {
                Print(message);
            }

            return 0;
        });
        return command;
    }

    private static async Task<IMessage> AskAsync(ServerConnection connection, string what, string id, CancellationToken cancellationToken) => what switch
    {
        "station" => (await connection.Registry.GetStationAsync(new GetStationRequest { StationId = id }, cancellationToken: cancellationToken)).Station,
        "terminal" => (await connection.Registry.GetTerminalAsync(new GetTerminalRequest { TerminalId = id }, cancellationToken: cancellationToken)).Terminal,
        "operator" => (await connection.Registry.GetOperatorAsync(new GetOperatorRequest { OperatorId = id }, cancellationToken: cancellationToken)).Operator,
        "limits" => await connection.Registry.ListLimitsAsync(new ListLimitsRequest(), cancellationToken: cancellationToken),
        "statistics" => await StatisticsAsync(connection, id, cancellationToken),
        _ => (await CylinderLookup.FindAsync(connection, id, cancellationToken)),
    };

    private static async Task<StatisticsResponse> StatisticsAsync(ServerConnection connection, string regionPrefix, CancellationToken cancellationToken)
    {
        var request = new StatisticsRequest { RegionPrefix = regionPrefix, PageSize = 1_000 };
        var all = new StatisticsResponse();
        do
        {
            var page = await connection.Supervision.StatisticsAsync(request, cancellationToken: cancellationToken);
            all.Days.Add(page.Days);
            all.CountedUpTo = page.CountedUpTo;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }

    private static void Print(IMessage message)
    {
        switch (message)
        {
            case ListLimitsResponse limits:
                var limitTable = new Table().Border(TableBorder.Rounded).AddColumns("名称 name", "值 value", "来源 source", "可信度 confidence", "起始 from");
                foreach (var limit in limits.Limits)
                {
                    limitTable.AddRow(limit.Name, $"{limit.Value}", Markup.Escape(limit.Source), limit.Confidence.ToString(), Day(limit.ValidFrom));
                }

                AnsiConsole.Write(limitTable);
                break;
            case StatisticsResponse statistics:
                var dayTable = new Table().Border(TableBorder.Rounded)
                    .AddColumns("充装站 station", "区划 region", "日期 day", "扫码 scans", "许可 permits", "拒绝 refusals", "完成 completed", "放弃 aborted", "过期 expired", "充装 fills", "违规 violations", "净重 net kg");
                foreach (var day in statistics.Days)
                {
                    dayTable.AddRow(
                        Markup.Escape(day.StationId), day.Region, Day(day.Day), $"{day.Scans}", $"{day.Permits}", $"{day.Refusals}", $"{day.Completed}",
                        $"{day.Aborted}", $"{day.Expired}", $"{day.Fills}", $"{day.Violations}", $"{day.NetMassG / 1_000.0:F1}");
                }

                AnsiConsole.Write(dayTable);
                break;
            default:
                var table = new Table().Border(TableBorder.Rounded).AddColumns("字段 field", "值 value");
                foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.HasPresence || field.Accessor.HasValue(message)))
                {
                    table.AddRow(field.Name, Markup.Escape(field.Accessor.GetValue(message)?.ToString() ?? string.Empty));
                }

                AnsiConsole.Write(table);
                break;
        }
    }

    private static string Day(Google.Type.Date? day) => day is null ? string.Empty : $"{day.Year:D4}-{day.Month:D2}-{day.Day:D2}";
}
