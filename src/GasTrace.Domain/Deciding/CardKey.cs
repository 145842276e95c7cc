using System.Globalization;
using GasTrace.V1;

namespace GasTrace.Domain.Deciding;

/// <summary>Names a card: the current state of one thing. At most 200 characters.</summary>
/// <param name="Value">The key as stored.</param>
public readonly record struct CardKey(string Value)
{
    // Once a key: a scan looks each of its dozen keys up in half a dozen tables.
    private readonly int hash = Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Which changed limits hold; one card for the whole service.</summary>
    public static readonly CardKey Limits = new("limits");

    /// <summary>Which cards of a cache that nodes share may be used; one card for the whole service, not of the record.</summary>
    public static readonly CardKey SharedCards = new("sharedcards");

    /// <summary>True for what is one cylinder's alone; all else is shared by many.</summary>
    public bool IsOfOneCylinder =>
        Value.StartsWith("cylinder:", StringComparison.Ordinal) || Value.StartsWith("code:", StringComparison.Ordinal) || Value.StartsWith("alias", StringComparison.Ordinal);

    /// <summary>A cylinder, by its id.</summary>
    public static CardKey Cylinder(string cylinderId) => new("cylinder:" + cylinderId);

    /// <summary>An alias: who bears it, or bore it. Normalised text.</summary>
    public static CardKey Alias(AliasKind kind, string value) =>
        new(kind == AliasKind.Code ? "code:" + value : string.Create(CultureInfo.InvariantCulture, $"alias{(int)kind}:{value}"));

    /// <summary>A station.</summary>
    public static CardKey Station(string stationId) => new("station:" + stationId);

    /// <summary>A terminal with its guns.</summary>
    public static CardKey Terminal(string terminalId) => new("terminal:" + terminalId);

    /// <summary>What a gun is doing.</summary>
    public static CardKey Gun(string terminalId, string gunId) => new($"gun:{terminalId}/{gunId}");

    /// <summary>An operator.</summary>
    public static CardKey Operator(string operatorId) => new("operator:" + operatorId);

    /// <summary>A gas batch of a station.</summary>
    public static CardKey GasBatch(string stationId, string gasBatchId) => new($"gasbatch:{stationId}/{gasBatchId}");

    /// <summary>Custody of a unit's cylinders at a station.</summary>
    public static CardKey Custody(string unitId, string stationId) => new($"custody:{stationId}/{unitId}");

    /// <summary>An inspection body.</summary>
    public static CardKey InspectionBody(string inspectionBodyId) => new("inspector:" + inspectionBodyId);

    /// <summary>Recall of a maker's production of a month.</summary>
    public static CardKey RecallOfMonth(string maker, int year, int month) =>
        new(string.Create(CultureInfo.InvariantCulture, $"recall:{maker}/{year:D4}-{month:D2}"));

    /// <summary>Recall of a model, in its short way of writing.</summary>
    public static CardKey RecallOfModel(string model) => new("recall:model/" + model);

    /// <summary>Recalled ranges of codes that share these first six characters.</summary>
    public static CardKey RecallOfCodes(string firstSix) => new("recall:codes/" + firstSix);

    /// <summary>A regulator's named cursor. Not of the record: it changes without an entry.</summary>
    public static CardKey Cursor(string name) => new("cursor:" + name);

    /// <summary>Which node does a task that one node does at a time. Not of the record: it changes without an entry.</summary>
    public static CardKey Lease(string task) => new("lease:" + task);

    /// <inheritdoc />
    public bool Equals(CardKey other) => hash == other.hash && Value == other.Value;

    /// <inheritdoc />
    public override int GetHashCode() => hash;

    /// <inheritdoc />
    public override string ToString() => Value;
}
