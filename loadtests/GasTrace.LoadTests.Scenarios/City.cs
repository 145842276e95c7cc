using GasTrace.Domain.Registry.Codes;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>
/// What the load runs over: cylinders, stations with their guns and people, all sound, but for the last hundredth of the
/// cylinders, whose inspection is overdue, and a batch of one month that a recall can name.
/// </summary>
/// <param name="cylinders">Cylinders, 100 or more.</param>
/// <param name="stations">Stations.</param>
/// <param name="gunsPerStation">Guns of each station's one terminal.</param>
public sealed class City(int cylinders, int stations, int gunsPerStation)
{
    /// <summary>Maker of every cylinder.</summary>
    public const string Maker = "SDHL";

    /// <summary>Unit that runs every station and owns every cylinder.</summary>
    public const string UnitId = "U1";

    /// <summary>Region of everything.</summary>
    public const string Region = "320102";

    // Codes are made once: what a scanner reads costs the load generator nothing.
    private readonly string[] codes = [.. Enumerable.Range(0, cylinders).Select(number => IssuedIdentity.Code(Region, Seed(number)))];

    /// <summary>Cylinders.</summary>
    public int Cylinders => cylinders;

    /// <summary>Cylinders that get a permit.</summary>
    public int SoundCylinders => cylinders - (cylinders / 100);

    /// <summary>The first so many cylinders were made in a month of their own.</summary>
    public int BatchCylinders => Math.Min(50_000, cylinders / 4);

    /// <summary>Stations.</summary>
    public int Stations => stations;

    /// <summary>Guns of a station.</summary>
    public int GunsPerStation => gunsPerStation;

    /// <summary>What the other ids follow from.</summary>
    public static string Seed(int number) => $"load-{number}";

    /// <summary>A cylinder's id.</summary>
    public static string CylinderId(int number) => IssuedIdentity.CylinderId(Seed(number));

    /// <summary>A station's id.</summary>
    public static string StationId(int station) => $"S{station:D3}";

    /// <summary>A station's terminal.</summary>
    public static string TerminalId(int station) => $"T{station:D3}";

    /// <summary>A gun of a terminal.</summary>
    public static string GunId(int gun) => $"G{gun:D3}";

    /// <summary>A station's operator.</summary>
    public static string OperatorId(int station) => $"P{station:D3}";

    /// <summary>A station's gas batch.</summary>
    public static string GasBatchId(int station) => $"B{station:D3}";

    /// <summary>A cylinder's code.</summary>
    public string Code(int number) => codes[number];

    /// <summary>True for the cylinders of the batch that a recall can name.</summary>
    public bool IsOfBatch(int number) => number < BatchCylinders;

    /// <summary>True for the cylinders whose inspection is overdue.</summary>
    public bool IsOverdue(int number) => number >= SoundCylinders;
}
