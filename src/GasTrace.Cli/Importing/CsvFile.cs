using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace GasTrace.Cli.Importing;

/// <summary>A row of a table by its columns' names.</summary>
/// <param name="Line">Line of the file that it begins in.</param>
/// <param name="Values">Values by column, trimmed only where a column says so.</param>
internal sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Values)
{
    // As spreadsheets write them.
    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];
    private static readonly string[] Months = ["yyyy-M", "yyyy/M", "yyyy.M", "yyyy年M月"];

    /// <summary>A value as it stands; empty when the table has no such column.</summary>
    public string Raw(string column) => Values.GetValueOrDefault(column, string.Empty);

    /// <summary>A value, trimmed.</summary>
    public string this[string column] => Raw(column).Trim();

    /// <summary>A date, or null when empty.</summary>
    /// <exception cref="RowException">Not a date.</exception>
    public DateOnly? Date(string column) => this[column] is not { Length: > 0 } text ? null
        : Day(text, Days) ?? throw new RowException(column, text, Language.Of("须为日期，例如 2026-11-23", "must be a date, for instance 2026-11-23"));

    /// <summary>A date, or a month as its first day, or null when empty.</summary>
    /// <exception cref="RowException">Neither a date nor a month.</exception>
    public (DateOnly Day, bool IsMonth)? DateOrMonth(string column) => this[column] is not { Length: > 0 } text ? null
        : Day(text, Days) is { } day ? (day, false)
        : Day(text, Months) is { } month ? (month, true)
        : throw new RowException(column, text, Language.Of("须为日期或月份，例如 2026-11-23 或 2026-11", "must be a date or a month, for instance 2026-11-23 or 2026-11"));

    /// <summary>Yes or no, in any case; no when empty.</summary>
    /// <exception cref="RowException">Neither.</exception>
    public bool Flag(string column) => this[column].ToUpperInvariant() switch
    {
        "是" or "YES" or "TRUE" or "1" => true,
        "否" or "NO" or "FALSE" or "0" or "" => false,
        _ => throw new RowException(column, this[column], Language.Of("须为 是 或 否（也可写 yes、no、true、false、1、0）", "must be 是 or 否 (or yes, no, true, false, 1, 0)")),
    };

    /// <summary>A whole number, or 0 when empty.</summary>
    /// <exception cref="RowException">Not a whole number.</exception>
    public int Number(string column) => this[column] switch
    {
        "" => 0,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new RowException(column, text, Language.Of("须为整数", "must be a whole number")),
    };

    private static DateOnly? Day(string text, string[] formats) =>
        DateOnly.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>A value of a row breaks a rule.</summary>
internal sealed class RowException(string column, string value, string rule) : Exception($"{column} '{value}': {rule}")
{
    public string Column => column;
}

/// <summary>Tables as spreadsheets export them: UTF-8 with or without byte order mark, or GB18030, told apart by content.</summary>
internal static class CsvFile
{
    private const int HeaderLines = 1;

    static CsvFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The rows of a file, one at a time, without those in which nothing stands: spreadsheets leave some at the end.</summary>
    /// <exception cref="FormatException">No header, or a column that must be there is not.</exception>
    public static IEnumerable<CsvRow> Read(string path, params string[] required)
    {
        using var text = new StreamReader(path, EncodingOf(path), detectEncodingFromByteOrderMarks: true);
        using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = true, Delimiter = ',' });
        var columns = Enumerable.Range(0, csv.FieldCount).Select(column => csv.GetName(column).Trim()).ToArray();
        if (columns.Length == 0)
        {
            throw new FormatException(Language.Of($"'{path}' 为空：首行须为列名。", $"'{path}' is empty: its first line must name the columns."));
        }

        if (required.FirstOrDefault(column => !columns.Contains(column)) is { } missing)
        {
            throw new FormatException(Language.Of($"'{path}' 缺少列 '{missing}'；现有列：{string.Join("、", columns)}。", $"'{path}' has no column '{missing}'; it has: {string.Join(", ", columns)}."));
        }

        while (csv.Read())
        {
            var values = new Dictionary<string, string>(columns.Length, StringComparer.Ordinal);
            for (var i = 0; i < columns.Length; i++)
            {
                values[columns[i]] = i < csv.RowFieldCount ? csv.GetString(i) : string.Empty;
            }

            if (!values.Values.All(string.IsNullOrWhiteSpace))
            {
                yield return new CsvRow(csv.RowNumber + HeaderLines, values);
            }
        }
    }

    // Text of GB18030 is hardly ever valid UTF-8 by chance, and a whole file of it never is.
    private static Encoding EncodingOf(string path)
    {
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        using var file = File.OpenRead(path);
        var bytes = new byte[64 * 1024];
        var characters = new char[64 * 1024 + 1];
        try
        {
            int read;
            while ((read = file.Read(bytes)) > 0)
            {
                decoder.GetChars(bytes, 0, read, characters, 0, flush: false);
            }

            decoder.GetChars([], 0, 0, characters, 0, flush: true);
            return Encoding.UTF8;
        }
        catch (DecoderFallbackException)
        {
            return Encoding.GetEncoding("GB18030");
        }
    }
}
