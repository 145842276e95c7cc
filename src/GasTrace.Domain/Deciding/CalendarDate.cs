using System.Globalization;
using Google.Type;
using DateTime = System.DateTime;

namespace GasTrace.Domain.Deciding;

/// <summary>Guards the edge between dates of the contract and of the calendar.</summary>
public static class CalendarDate
{
    /// <summary>The earliest year that a register may speak of.</summary>
    public const int YearMin = 1900;

    /// <summary>The latest year that a register may speak of.</summary>
    public const int YearMax = 2200;

    /// <summary>True when the message is a day that exists, between <see cref="YearMin"/> and <see cref="YearMax"/>.</summary>
    public static bool IsValid(Date date) =>
        date.Year is >= YearMin and <= YearMax
        && date.Month is >= 1 and <= 12
        && date.Day >= 1
        && date.Day <= DateTime.DaysInMonth(date.Year, date.Month);

    /// <summary>The day that a message says. It must be valid.</summary>
    public static DateOnly ToDay(this Date date) => new(date.Year, date.Month, date.Day);

    /// <summary>The day that a message says, or null when there is none.</summary>
    public static DateOnly? ToDayOrNull(this Date? date) => date?.ToDay();

    /// <summary>The message that says a day.</summary>
    public static Date ToMessage(this DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    /// <summary>ISO 8601.</summary>
    public static string ToText(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
