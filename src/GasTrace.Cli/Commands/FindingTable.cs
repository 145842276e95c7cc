using GasTrace.V1;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary>Findings as a table.</summary>
internal static class FindingTable
{
    public static void Print(IEnumerable<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("编号 no.", "代码 code", "中文", "English", "依据 facts", "来源 source");
        foreach (var finding in findings)
        {
            table.AddRow(
                finding.ReasonCase == Finding.ReasonOneofCase.Refusal ? ((int)finding.Refusal).ToString(System.Globalization.CultureInfo.InvariantCulture) : "–",
                finding.Code,
                Markup.Escape(finding.TextZh),
                Markup.Escape(finding.TextEn),
                Markup.Escape(string.Join(' ', finding.Facts.Select(fact => $"{fact.Key}={fact.Value}"))),
                Markup.Escape(finding.Source));
        }

        AnsiConsole.Write(table);
    }
}
