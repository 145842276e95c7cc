using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>
/// The keys of the cards that a scan looks at, each built once: a scan names its cards again in every round of loading, and
/// the keys would be most of what it allocates.
/// </summary>
/// <param name="request">The scan.</param>
/// <param name="reading">How its code was read.</param>
public sealed class ScanKeys(ScanRequest request, CodeReading reading)
{
    private CardKey alias;
    private CardKey cylinder;
    private CardKey terminal;
    private CardKey station;
    private CardKey gun;
    private CardKey person;
    private CardKey gasBatch;
    private CardKey inspectionBody;
    private CardKey custody;
    private RecallKeys? recalls;

    /// <summary>The alias that was read.</summary>
    public CardKey Alias => alias.Value is null ? alias = CardKey.Alias(reading.Kind, reading.Value) : alias;

    /// <summary>The terminal.</summary>
    public CardKey Terminal => terminal.Value is null ? terminal = CardKey.Terminal(request.TerminalId) : terminal;

    /// <summary>The gun.</summary>
    public CardKey Gun => gun.Value is null ? gun = CardKey.Gun(request.TerminalId, request.GunId) : gun;

    /// <summary>The operator.</summary>
    public CardKey Operator => person.Value is null ? person = CardKey.Operator(request.OperatorId) : person;

    /// <summary>The cylinder that the alias leads to; always the same one within a decision.</summary>
    public CardKey Cylinder(string cylinderId) => cylinder.Value is null ? cylinder = CardKey.Cylinder(cylinderId) : cylinder;

    /// <summary>The station that the terminal leads to.</summary>
    public CardKey Station(string stationId) => station.Value is null ? station = CardKey.Station(stationId) : station;

    /// <summary>The gas batch at that station.</summary>
    public CardKey GasBatch(string stationId) => gasBatch.Value is null ? gasBatch = CardKey.GasBatch(stationId, request.GasBatchId) : gasBatch;

    /// <summary>The body of the cylinder's last inspection.</summary>
    public CardKey InspectionBody(string inspectionBodyId) => inspectionBody.Value is null ? inspectionBody = CardKey.InspectionBody(inspectionBodyId) : inspectionBody;

    /// <summary>Custody of the cylinder's unit at that station.</summary>
    public CardKey Custody(string unitId, string stationId) => custody.Value is null ? custody = CardKey.Custody(unitId, stationId) : custody;

    /// <summary>The recalls that the cylinder would fall under.</summary>
    public RecallKeys Recalls(Cylinder scanned) => recalls ??= RecallKeys.Of(scanned);
}
