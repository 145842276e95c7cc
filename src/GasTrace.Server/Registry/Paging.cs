using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Errors;
using GasTrace.Server.Hosting;

namespace GasTrace.Server.Registry;

/// <summary>Pages go on from a key, never from an offset: what is inserted meanwhile shifts nothing.</summary>
internal static class Paging
{
    private const int DayLength = 10;

    /// <summary>The size of a page as asked, or the default.</summary>
    /// <exception cref="RejectedException">Out of range.</exception>
    public static int SizeOf(int pageSize)
    {
        RejectedException.ThrowIf(Must.BeWithin("page_size", pageSize, 0, ServerLimits.PageSizeMax));
        return pageSize == 0 ? ServerLimits.PageSizeDefault : pageSize;
    }

    /// <summary>The position that a token stands for.</summary>
    /// <exception cref="RejectedException">Not a token of ours.</exception>
    public static long PositionOf(string token, long whenEmpty) => token.Length == 0 ? whenEmpty
        : long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
        : throw NoToken(token);

    /// <summary>The token for a position.</summary>
    public static string TokenOf(long position) => position.ToString(CultureInfo.InvariantCulture);

    /// <summary>The station and the day that a token stands for; empty ones for the first page.</summary>
    /// <exception cref="RejectedException">Not a token of ours.</exception>
    public static (string StationId, string Day) StationDayOf(string token) => token.Length == 0 ? (string.Empty, string.Empty)
        : token.Length > DayLength + 1 && token[DayLength] == '/' && DateOnly.TryParseExact(token[..DayLength], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && Must.BeId("page_token", token[(DayLength + 1)..]) is null ? (token[(DayLength + 1)..], token[..DayLength])
        : throw NoToken(token);

    /// <summary>The token for a station's day.</summary>
    public static string TokenOf(string stationId, string day) => $"{day}/{stationId}";

    /// <summary>A region or its first digits.</summary>
    public static Rejection? BeRegionPrefix(string field, string value) => value.Length <= 6 && value.All(char.IsAsciiDigit)
        ? null
        : Rejection.Invalid(field, value, new("须为区划代码的前几位数字，最多六位", "must be the first digits of a region, at most six"));

    /// <summary>The entries at some positions.</summary>
    public static async Task<IReadOnlyList<V1.LedgerEntry>> EntriesAsync(ILedgerStore store, IReadOnlyList<long> positions, CancellationToken cancellationToken)
    {
        List<V1.LedgerEntry> entries = new(positions.Count);
        foreach (var position in positions)
        {
            var found = await store.ReadAsync(position, 1, cancellationToken);
            entries.Add(found[0].ToMessage());
        }

        return entries;
    }

    private static RejectedException NoToken(string token) =>
        new(Rejection.Invalid("page_token", token, new("须为上一页的 next_page_token", "must be the next_page_token of the page before")));
}
