using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Ledger.Projecting;

/// <summary>Adds up a batch per station and day, so that each pair is written once a batch.</summary>
internal sealed class DayTally
{
    private readonly Dictionary<(string Station, string Day), StationDayRow> days = [];
    private readonly Dictionary<(string Station, string Day, string Code), long> reasons = [];

    // Entries come in the order of time: the text of a day is made once an hour of theirs, not once for each.
    private long hourOfDay = -1;
    private string day = string.Empty;

    public IReadOnlyCollection<StationDayRow> Days => days.Values;

    public IEnumerable<StationDayReasonRow> Reasons =>
        reasons.Select(reason => new StationDayReasonRow(reason.Key.Station, days[(reason.Key.Station, reason.Key.Day)].Region, reason.Key.Day, reason.Key.Code, reason.Value));

    public void Add(Event happened)
    {
        if (happened.StationId.Length == 0)
        {
            return;
        }

        switch (happened.BodyCase)
        {
            case Event.BodyOneofCase.PermitIssued:
                Of(happened).Permits++;
                break;
            case Event.BodyOneofCase.ScanRefused:
                var refused = Of(happened);
                refused.Refusals++;
                foreach (var finding in happened.ScanRefused.Findings)
                {
                    var key = (refused.Station, refused.Day, finding.Code);
                    reasons[key] = reasons.GetValueOrDefault(key) + 1;
                }

                break;
            case Event.BodyOneofCase.FillCompleted:
                var filled = Of(happened);
                filled.Fills++;
                filled.NetMassG += happened.FillCompleted.NetMassG;
                filled.Completed += happened.FillCompleted.ConsumesPermit ? 1 : 0;
                filled.Violations += happened.FillCompleted.Violations.Count > 0 ? 1 : 0;
                break;
            case Event.BodyOneofCase.FillAborted:
                Of(happened).Aborted++;
                break;
            case Event.BodyOneofCase.PermitExpired:
                Of(happened).Expired++;
                break;
            default:
                break;
        }
    }

    private StationDayRow Of(Event happened)
    {
        if (happened.RecordedAt.Seconds / 3_600 is var hour && hour != hourOfDay)
        {
            (hourOfDay, day) = (hour, Moment.DayOf(happened.RecordedAt.ToDateTimeOffset()).ToText());
        }

        if (!days.TryGetValue((happened.StationId, day), out var counts))
        {
            days[(happened.StationId, day)] = counts = new StationDayRow(happened.StationId, happened.Region, day);
        }

        return counts;
    }
}
