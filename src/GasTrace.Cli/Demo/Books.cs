using GasTrace.V1;

namespace GasTrace.Cli.Demo;

/// <summary>A regulator's own books, kept from the stream alone: it trusts nobody.</summary>
internal sealed class Books
{
    private readonly HashSet<string> open = new(StringComparer.Ordinal);
    private long next;
    private long gaps;

    public long Next => Interlocked.Read(ref next);

    /// <summary>Entries that were missing or came twice.</summary>
    public long Gaps => Interlocked.Read(ref gaps);

    public long Permits { get; private set; }

    public long Completed { get; private set; }

    public long Aborted { get; private set; }

    public long Expired { get; private set; }

    public long Refused { get; private set; }

    public long Violations { get; private set; }

    public int Open => open.Count;

    /// <summary>Permits issued = completed + aborted + expired + open, and no permit ended twice.</summary>
    public bool Balance => Permits == Completed + Aborted + Expired + Open;

    public void Enter(LedgerEntry entry)
    {
        if (entry.Position != next)
        {
            gaps++;
        }

        Interlocked.Exchange(ref next, entry.Position + 1);
        switch (entry.Event.BodyCase)
        {
            case Event.BodyOneofCase.PermitIssued:
                Permits++;
                open.Add(entry.Event.PermitIssued.Terms.PermitId);
                break;
            case Event.BodyOneofCase.ScanRefused:
                Refused++;
                break;
            case Event.BodyOneofCase.FillCompleted:
                Violations += entry.Event.FillCompleted.Violations.Count > 0 ? 1 : 0;
                Completed += entry.Event.FillCompleted.ConsumesPermit && open.Remove(entry.Event.FillCompleted.Report.PermitId) ? 1 : 0;
                break;
            case Event.BodyOneofCase.FillAborted:
                Aborted += open.Remove(entry.Event.FillAborted.PermitId) ? 1 : 0;
                break;
            case Event.BodyOneofCase.PermitExpired:
                Expired += open.Remove(entry.Event.PermitExpired.PermitId) ? 1 : 0;
                break;
            default:
                break;
        }
    }
}
