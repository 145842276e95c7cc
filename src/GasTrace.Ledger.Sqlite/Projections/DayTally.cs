using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>Adds up a batch per station and day, so that each pair is written once a batch.</summary>
internal sealed class DayTally
{
    private readonly Dictionary<(string Station, string Day), Counts> days = [];

    public IEnumerable<KeyValuePair<(string Station, string Day), Counts>> Days => days;

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
                    refused.Reasons[finding.Code] = refused.Reasons.GetValueOrDefault(finding.Code) + 1;
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

    private Counts Of(Event happened)
    {
        var day = Moment.DayOf(happened.RecordedAt.ToDateTimeOffset()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (!days.TryGetValue((happened.StationId, day), out var counts))
        {
            days[(happened.StationId, day)] = counts = new Counts { Region = happened.Region };
        }

        return counts;
    }

    internal sealed class Counts
    {
        public required string Region { get; init; }

        public Dictionary<string, long> Reasons { get; } = [];

        public long Permits { get; set; }

        public long Refusals { get; set; }

        public long Completed { get; set; }

        public long Aborted { get; set; }

        public long Expired { get; set; }

        public long Fills { get; set; }

        public long Violations { get; set; }

        public long NetMassG { get; set; }
    }
}
