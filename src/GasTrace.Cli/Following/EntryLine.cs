using GasTrace.V1;

namespace GasTrace.Cli.Following;

/// <summary>An entry as one line for people.</summary>
internal static class EntryLine
{
    public static string Of(LedgerEntry entry)
    {
        var happened = entry.Event;
        var kind = Event.Descriptor.FindFieldByNumber((int)happened.BodyCase)?.Name ?? "unknown";
        var codes = happened switch
        {
            { ScanRefused: { } refused } => string.Join(';', refused.Findings.Select(finding => finding.Code)),
            { FillCompleted: { } filled } => $"{filled.NetMassG} g {string.Join(';', filled.Violations.Select(finding => finding.Code))}",
            { PermitIssued: { } issued } => issued.Terms.PermitId,
            _ => string.Empty,
        };
        return $"{entry.Position,8}  {happened.RecordedAt.ToDateTimeOffset():yyyy-MM-ddTHH:mm:ss.fffZ}  {kind,-24} {happened.StationId,-8} {happened.Subject,-15} {codes}";
    }
}
