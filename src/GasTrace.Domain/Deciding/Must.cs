using System.Buffers;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Type;

namespace GasTrace.Domain.Deciding;

/// <summary>Rules on single fields of a request. Each answers null when kept, else names field, value and rule.</summary>
public static class Must
{
    /// <summary>Most characters of an id or a short text.</summary>
    public const int IdLengthMax = 64;

    /// <summary>Most characters of a reason or a note.</summary>
    public const int TextLengthMax = 256;

    /// <summary>Most characters of a scanned payload or an address.</summary>
    public const int PayloadLengthMax = 512;

    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    /// <summary>The first rule that is broken, or null.</summary>
    public static Rejection? All(params ReadOnlySpan<Rejection?> rules)
    {
        foreach (var rule in rules)
        {
            if (rule is not null)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The first rule that a value of a list breaks, or null.</summary>
    public static Rejection? Each<TValue>(IReadOnlyList<TValue> values, Func<TValue, Rejection?> rule)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (rule(values[i]) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>A UUID in its usual text form.</summary>
    public static Rejection? BeUuid(string field, string value) =>
        Guid.TryParseExact(value, "D", out _) ? null : Rejection.Invalid(field, value, new("须为 UUID，例如 0190a5f0-7c1e-7b3a-9d52-0c6f6a1e2b3c", "must be a UUID, for instance 0190a5f0-7c1e-7b3a-9d52-0c6f6a1e2b3c"));

    /// <summary>An id: 1 to 64 printable characters.</summary>
    public static Rejection? BeId(string field, string value) => BeText(field, value, 1, IdLengthMax);

    /// <summary>An id, or nothing.</summary>
    public static Rejection? BeIdOrEmpty(string field, string value) => BeText(field, value, 0, IdLengthMax);

    /// <summary>A reason: 1 to 256 characters.</summary>
    public static Rejection? BeReason(string field, string value) => BeText(field, value, 1, TextLengthMax);

    /// <summary>Text of some length, without control characters. What is short enough to be a key has no blanks around it: some databases would take it for another.</summary>
    public static Rejection? BeText(string field, string value, int lengthMin, int lengthMax) =>
        value.Length < lengthMin || value.Length > lengthMax ? Rejection.Invalid(field, value, new($"须为 {lengthMin} 至 {lengthMax} 个字符", $"must have {lengthMin} to {lengthMax} characters"))
        : lengthMin > 0 && string.IsNullOrWhiteSpace(value) ? Rejection.Invalid(field, value, new("不得为空白", "must not be blank"))
        : lengthMax <= IdLengthMax && value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])) ? Rejection.Invalid(field, value, new("首尾不得有空白", "must not begin or end with a blank"))
        : value.AsSpan().ContainsAny(ControlCharacters) ? Rejection.Invalid(field, value, new("不得含控制字符", "must not hold control characters"))
        : null;

    /// <summary>Text of at most some length; what a scanner read is taken as it is.</summary>
    public static Rejection? BeAtMost(string field, string value, int lengthMax) =>
        value.Length > lengthMax ? Rejection.Invalid(field, value, new($"最多 {lengthMax} 个字符", $"must have at most {lengthMax} characters")) : null;

    /// <summary>A number in a range, both ends included.</summary>
    public static Rejection? BeWithin(string field, long value, long min, long max) => value >= min && value <= max
        ? null
        : Rejection.Invalid(field, value.ToString(CultureInfo.InvariantCulture), new($"须在 {min} 至 {max} 之间", $"must be {min} to {max}"));

    /// <summary>At most so many values.</summary>
    public static Rejection? BeFew(string field, int count, int countMax) => count <= countMax
        ? null
        : Rejection.Invalid(field, $"{count} values", new($"最多 {countMax} 项", $"must hold at most {countMax}"));

    /// <summary>A day that exists.</summary>
    public static Rejection? BeDay(string field, Date? value) =>
        value is not null && CalendarDate.IsValid(value) ? null : Rejection.Invalid(field, value?.ToString() ?? string.Empty, new("须为存在的日期，含年、月、日", "must be a day that exists, with year, month and day"));

    /// <summary>A day that exists, or nothing.</summary>
    public static Rejection? BeDayOrEmpty(string field, Date? value) => value is null ? null : BeDay(field, value);

    /// <summary>A time that exists, or nothing.</summary>
    public static Rejection? BeTimeOrEmpty(string field, Timestamp? value) =>
        value is null || (value.Nanos is >= 0 and < 1_000_000_000 && value.Seconds is >= -2_208_988_800 and <= 7_258_118_400)
            ? null
            : Rejection.Invalid(field, $"{value.Seconds} s", new("须在 1900 年至 2200 年之间", "must lie between the years 1900 and 2200"));

    /// <summary>A GB/T 2260 region: six digits.</summary>
    public static Rejection? BeRegion(string field, string value) =>
        value.Length == 6 && value.All(char.IsAsciiDigit) ? null : Rejection.Invalid(field, value, new("须为六位数字（GB/T 2260）", "must be six digits (GB/T 2260)"));

    /// <summary>A gas: 1 to 32 characters of A-Z, 0-9, _ and -.</summary>
    public static Rejection? BeGas(string field, string value) =>
        value.Length is >= 1 and <= 32 && value.All(character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character) || character is '_' or '-')
            ? null
            : Rejection.Invalid(field, value, new("须为 1 至 32 个字符：A-Z、0-9、_ 和 -", "must be 1 to 32 characters of A-Z, 0-9, _ and -"));

    /// <summary>A value of an enumeration, and not the unspecified one.</summary>
    public static Rejection? BeNamed<TEnum>(string field, TEnum value)
        where TEnum : struct, System.Enum => BeOneOf(field, value, ContractNames<TEnum>.Specified);

    /// <summary>A value of an enumeration, or the unspecified one.</summary>
    public static Rejection? BeNamedOrUnspecified<TEnum>(string field, TEnum value)
        where TEnum : struct, System.Enum =>
        EqualityComparer<TEnum>.Default.Equals(value, default) ? null : BeNamed(field, value);

    /// <summary>One of some values of an enumeration.</summary>
    public static Rejection? BeOneOf<TEnum>(string field, TEnum value, params ReadOnlySpan<TEnum> values)
        where TEnum : struct, System.Enum =>
        values.Contains(value) ? null : Rejection.Invalid(field, ContractNames<TEnum>.Of(value), OneOf(values.ToArray().Select(ContractNames<TEnum>.Of)));

    /// <summary>One of some names.</summary>
    public static Rejection? BeOneOf(string field, string value, IEnumerable<string> names) =>
        names.Contains(value, StringComparer.Ordinal) ? null : Rejection.Invalid(field, value, OneOf(names));

    /// <summary>A message that is there.</summary>
    public static Rejection? BeThere(string field, object? value) => value is null ? Rejection.Invalid(field, string.Empty, new("必填", "must be given")) : null;

    private static Bilingual OneOf(IEnumerable<string> names)
    {
        var list = string.Join(", ", names);
        return new($"须为其中之一：{list}", $"must be one of {list}");
    }
}
