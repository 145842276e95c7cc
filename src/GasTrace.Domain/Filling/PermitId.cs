using System.Globalization;

namespace GasTrace.Domain.Filling;

/// <summary>A permit's id: the cylinder's id and the running number of its permits. Unique without a look-up, and it leads to its cylinder.</summary>
public static class PermitId
{
    /// <summary>The id of a cylinder's n-th permit.</summary>
    public static string Of(string cylinderId, long number) => string.Create(CultureInfo.InvariantCulture, $"{cylinderId}-{number}");

    /// <summary>Takes an id apart; false when it is no id of a permit.</summary>
    public static bool TryParse(string permitId, out string cylinderId, out long number)
    {
        var dash = permitId.LastIndexOf('-');
        cylinderId = dash > 0 ? permitId[..dash] : string.Empty;
        number = 0;
        return dash > 0
            && long.TryParse(permitId.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
