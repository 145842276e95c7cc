using GasTrace.Domain.Deciding;
using GasTrace.V1;
using Date = Google.Type.Date;

namespace GasTrace.Ledger.Projecting;

/// <summary>What a run of entries changes in the tables of the register.</summary>
public sealed class ProjectedRegister
{
    private readonly Dictionary<string, CylinderRow> cylinders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CodeRow> codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CorrectionRow> corrections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InspectionRow> inspections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UseRegistrationRow> useRegistrations = new(StringComparer.Ordinal);
    private readonly HashSet<string> scrapped = new(StringComparer.Ordinal);
    private readonly Dictionary<(string CylinderId, int Kind), HoldRow> holds = [];
    private readonly HashSet<ReleasedHoldRow> releasedHolds = [];
    private readonly Dictionary<string, StationRow> stations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StationStatusRow> stationStatuses = new(StringComparer.Ordinal);

    /// <summary>Cylinders registered.</summary>
    public IReadOnlyCollection<CylinderRow> Cylinders => cylinders.Values;

    /// <summary>New codes of cylinders registered before.</summary>
    public IReadOnlyCollection<CodeRow> Codes => codes.Values;

    /// <summary>What was set right of cylinders registered before, but for the dates.</summary>
    public IReadOnlyCollection<CorrectionRow> Corrections => corrections.Values;

    /// <summary>New dates of cylinders registered before.</summary>
    public IReadOnlyCollection<InspectionRow> Inspections => inspections.Values;

    /// <summary>New use registrations of cylinders registered before.</summary>
    public IReadOnlyCollection<UseRegistrationRow> UseRegistrations => useRegistrations.Values;

    /// <summary>Cylinders registered before that were scrapped.</summary>
    public IReadOnlyCollection<string> Scrapped => scrapped;

    /// <summary>Holds put, unless the cylinder has one of that kind already.</summary>
    public IReadOnlyCollection<HoldRow> Holds => holds.Values;

    /// <summary>Holds released, before those above are put.</summary>
    public IReadOnlyCollection<ReleasedHoldRow> ReleasedHolds => releasedHolds;

    /// <summary>Stations put, new or not.</summary>
    public IReadOnlyCollection<StationRow> Stations => stations.Values;

    /// <summary>New standings of stations put before.</summary>
    public IReadOnlyCollection<StationStatusRow> StationStatuses => stationStatuses.Values;

    /// <summary>A hold on a cylinder.</summary>
    internal void Hold(HoldRow hold) => holds.TryAdd((hold.CylinderId, hold.Kind), hold);

    /// <summary>Reads an event; kinds without a table of their own change nothing.</summary>
    internal void Add(long position, Event happened)
    {
        var id = happened.Subject;
        switch (happened.BodyCase)
        {
            case Event.BodyOneofCase.CylinderRegistered:
                Registered(position, happened.CylinderRegistered.Cylinder);
                break;
            case Event.BodyOneofCase.CodeReplaced:
                var code = happened.CodeReplaced.NewCode;
                Change(id, row => row with { Code = code }, () => codes[id] = new(id, code));
                break;
            case Event.BodyOneofCase.InspectionRecorded:
                SetDates(id, happened.InspectionRecorded.InspectionDueOn, happened.InspectionRecorded.ServiceLifeEndsOn);
                break;
            case Event.BodyOneofCase.CylinderCorrected:
                Corrected(id, happened.CylinderCorrected.After);
                break;
            case Event.BodyOneofCase.UseRegistrationChanged:
                var use = happened.UseRegistrationChanged.UseRegistration;
                var (unit, certificate) = use.Cancelled ? (string.Empty, string.Empty) : (use.UnitId, use.CertificateNumber);
                Change(id, row => row with { UnitId = unit, CertificateNumber = certificate }, () => useRegistrations[id] = new(id, unit, certificate));
                break;
            case Event.BodyOneofCase.CylinderScrapped:
                Change(id, row => row with { Scrapped = true }, () => scrapped.Add(id));
                break;
            case Event.BodyOneofCase.CylinderHeld:
                var hold = happened.CylinderHeld.Hold;
                Hold(new(id, (int)hold.Kind, hold.Reason, position));
                break;
            case Event.BodyOneofCase.CylinderReleased:
                holds.Remove((id, (int)happened.CylinderReleased.Kind));
                releasedHolds.Add(new(id, (int)happened.CylinderReleased.Kind));
                break;
            case Event.BodyOneofCase.StationPut:
                var station = happened.StationPut.Station;
                stationStatuses.Remove(station.StationId);
                stations[station.StationId] = new(station.StationId, station.Name, station.UnitId, station.Region, Text(station.LicenceEndsOn), (int)station.Status);
                break;
            case Event.BodyOneofCase.StationStatusChanged:
                ChangeStatus(id, (int)happened.StationStatusChanged.Status);
                break;
            default:
                break;
        }
    }

    private void Registered(long position, Cylinder cylinder)
    {
        cylinders[cylinder.CylinderId] = new(
            cylinder.CylinderId, cylinder.Code, cylinder.Maker, cylinder.SerialNumber, Text(cylinder.ManufacturedOn), cylinder.Model, cylinder.Gas,
            cylinder.UseRegistration?.UnitId ?? string.Empty, cylinder.UseRegistration?.CertificateNumber ?? string.Empty,
            Text(cylinder.InspectionDueOn), Text(cylinder.ServiceLifeEndsOn), cylinder.Scrapped);
        foreach (var hold in cylinder.Holds)
        {
            Hold(new(cylinder.CylinderId, (int)hold.Kind, hold.Reason, position));
        }
    }

    private void Corrected(string id, CylinderFacts facts)
    {
        var (made, model, gas) = (Text(facts.ManufacturedOn), facts.Model, facts.Gas);
        Change(id, row => row with { ManufacturedOn = made, Model = model, Gas = gas }, () => corrections[id] = new(id, made, model, gas));
        SetDates(id, facts.InspectionDueOn, facts.ServiceLifeEndsOn);
    }

    private void SetDates(string id, Date? inspectionDueOn, Date? serviceLifeEndsOn)
    {
        var (due, end) = (Text(inspectionDueOn), Text(serviceLifeEndsOn));
        Change(id, row => row with { InspectionDueOn = due, ServiceLifeEndsOn = end }, () => inspections[id] = new(id, due, end));
    }

    private void Change(string cylinderId, Func<CylinderRow, CylinderRow> registeredHere, Action registeredBefore)
    {
        if (cylinders.TryGetValue(cylinderId, out var row))
        {
            cylinders[cylinderId] = registeredHere(row);
        }
        else
        {
            registeredBefore();
        }
    }

    private void ChangeStatus(string stationId, int status)
    {
        if (stations.TryGetValue(stationId, out var row))
        {
            stations[stationId] = row with { Status = status };
        }
        else
        {
            stationStatuses[stationId] = new(stationId, status);
        }
    }

    private static string Text(Date? date) => date.ToDayOrNull()?.ToText() ?? string.Empty;
}
