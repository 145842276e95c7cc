using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;

namespace GasTrace.Ledger.Projecting;

/// <summary>Adds up a batch per station and day, so that each pair is written once a batch.</summary>
internal sealed class DayTally
{
    private const long MicrosPerHour = 3_600_000_000;
    private readonly Dictionary<(string Station, string Day), StationDayRow> days = [];
    private readonly Dictionary<(string Station, string Day, string Code), long> reasons = [];

    // Entries come in the order of time: the text of a day is made once an hour of theirs, not once for each.
    private long hourOfDay = -1;
    private string day = string.Empty;

    public IReadOnlyCollection<StationDayRow> Days => days.Values;

    public IEnumerable<StationDayReasonRow> Reasons =>
        reasons.Select(reason => new StationDayReasonRow(reason.Key.Station, days[(reason.Key.Station, reason.Key.Day)].Region, reason.Key.Day, reason.Key.Code, reason.Value));

    public void Add(EntryHeader header, FillingEntry happened)
    {
        if (header.Station.Length == 0)
        {
            return;
        }

        switch (happened.BodyCase)
        {
            case FillingEntry.BodyOneofCase.PermitIssued:
                Of(header).Permits++;
                break;
            case FillingEntry.BodyOneofCase.ScanRefused:
                var refused = Of(header);
                refused.Refusals++;
                foreach (var finding in happened.ScanRefused.Findings)
                {
                    var key = (refused.Station, refused.Day, finding.Code);
                    reasons[key] = reasons.GetValueOrDefault(key) + 1;
                }

                break;
            case FillingEntry.BodyOneofCase.FillCompleted:
                var filled = Of(header);
                filled.Fills++;
                filled.NetMassG += happened.FillCompleted.NetMassG;
                filled.Completed += happened.FillCompleted.ConsumesPermit ? 1 : 0;
                filled.Violations += happened.FillCompleted.Violations.Count > 0 ? 1 : 0;
                break;
            case FillingEntry.BodyOneofCase.FillAborted:
                Of(header).Aborted++;
                break;
            case FillingEntry.BodyOneofCase.PermitExpired:
                Of(header).Expired++;
                break;
            default:
                break;
        }
    }

    public void Clear()
    {
        days.Clear();
        reasons.Clear();
    }

    private StationDayRow Of(EntryHeader header)
    {
        if (header.RecordedAtMicros / MicrosPerHour is var hour && hour != hourOfDay)
        {
            (hourOfDay, day) = (hour, Moment.DayOf(DateTimeOffset.UnixEpoch.AddMicroseconds(header.RecordedAtMicros)).ToText());
        }

        if (!days.TryGetValue((header.Station, day), out var counts))
        {
            days[(header.Station, day)] = counts = new StationDayRow(header.Station, header.Region, day);
        }

        return counts;
    }
}
