using GasTrace.Domain.Filling;
using GasTrace.V1;

namespace GasTrace.Domain.Deciding;

/// <summary>
/// Which cards an entry of the ledger may have changed: what a node must forget that did not make the entry itself. All
/// that a command changes is among them; naming one too many costs a read.
/// </summary>
public static class ChangedCards
{
    /// <summary>
    /// Adds the cards that an event may have changed. False for an event of a kind that this version does not know (a newer
    /// node wrote it, in the middle of an upgrade): it may have changed any.
    /// </summary>
    public static bool TryAddTo(ICollection<CardKey> changed, Event happened)
    {
        if (IsAboutCylinder(happened.BodyCase))
        {
            OfCylinder(changed, happened);
            return true;
        }

        if (OfRegister(happened) is { } key)
        {
            changed.Add(key);
            return true;
        }

        return false;
    }

    /// <summary>
    /// True for what happens at every fill. Such cards change all day, at the station that works with them; the others are
    /// what an authority or a company has put on the register, and hold everywhere at once; so does a fill that puts its
    /// cylinder on hold.
    /// </summary>
    public static bool IsDaily(Event happened) =>
        happened.BodyCase is >= Event.BodyOneofCase.PermitIssued and <= Event.BodyOneofCase.RuleOverridden or Event.BodyOneofCase.CylinderRegistered
        && happened.FillCompleted?.Violations.Any(finding => finding.Violation is ViolationCode.Overfilled or ViolationCode.PostfillCheckFailed) != true;

    /// <summary>False for kinds that are daily whatever they hold: such entries need not be read to know it.</summary>
    public static bool MayBeLasting(Event.BodyOneofCase kind) =>
        kind is Event.BodyOneofCase.FillCompleted or not (>= Event.BodyOneofCase.PermitIssued and <= Event.BodyOneofCase.RuleOverridden or Event.BodyOneofCase.CylinderRegistered);

    private static bool IsAboutCylinder(Event.BodyOneofCase kind) => kind is >= Event.BodyOneofCase.PermitIssued and <= Event.BodyOneofCase.CylinderCorrected;

    private static void OfCylinder(ICollection<CardKey> changed, Event happened)
    {
        if (happened.Subject.Length > 0 && happened.BodyCase != Event.BodyOneofCase.ScanRefused)
        {
            changed.Add(CardKey.Cylinder(happened.Subject));
        }

        switch (happened.BodyCase)
        {
            case Event.BodyOneofCase.FillBegun:
                changed.Add(CardKey.Gun(happened.FillBegun.TerminalId, happened.FillBegun.GunId));
                break;
            case Event.BodyOneofCase.FillCompleted:
                OfFill(changed, happened.FillCompleted);
                break;
            case Event.BodyOneofCase.FillAborted:
                changed.Add(CardKey.Gun(happened.FillAborted.TerminalId, happened.FillAborted.GunId));
                break;
            case Event.BodyOneofCase.CylinderRegistered:
                foreach (var alias in happened.CylinderRegistered.Cylinder.Aliases)
                {
                    changed.Add(CardKey.Alias(alias.Kind, alias.Value));
                }

                break;
            case Event.BodyOneofCase.CodeReplaced:
                changed.Add(CardKey.Alias(AliasKind.Code, happened.CodeReplaced.OldCode));
                changed.Add(CardKey.Alias(AliasKind.Code, happened.CodeReplaced.NewCode));
                break;
            case Event.BodyOneofCase.AliasBound:
                changed.Add(CardKey.Alias(happened.AliasBound.Alias.Kind, happened.AliasBound.Alias.Value));
                break;
            case Event.BodyOneofCase.AliasVoided:
                changed.Add(CardKey.Alias(happened.AliasVoided.Alias.Kind, happened.AliasVoided.Alias.Value));
                break;
            default:
                break;
        }
    }

    private static void OfFill(ICollection<CardKey> changed, FillCompleted fill)
    {
        changed.Add(CardKey.Gun(fill.Report.TerminalId, fill.Report.GunId));
        if (PermitId.TryParse(fill.Report.PermitId, out var permitCylinderId, out _))
        {
            changed.Add(CardKey.Cylinder(permitCylinderId));
        }

        if (fill.PermitGunId.Length > 0)
        {
            changed.Add(CardKey.Gun(fill.PermitTerminalId, fill.PermitGunId));
        }
    }

    private static CardKey? OfRegister(Event happened) => happened.BodyCase switch
    {
        Event.BodyOneofCase.RecallPut => new CardKey(happened.Subject),
        Event.BodyOneofCase.StationPut or Event.BodyOneofCase.StationStatusChanged => CardKey.Station(happened.StationId),
        Event.BodyOneofCase.TerminalPut => CardKey.Terminal(happened.TerminalPut.Terminal.TerminalId),
        Event.BodyOneofCase.ScaleLockChanged when happened.ScaleLockChanged.TerminalId.Length > 0 => CardKey.Terminal(happened.ScaleLockChanged.TerminalId),
        Event.BodyOneofCase.ScaleLockChanged => CardKey.Station(happened.StationId),
        Event.BodyOneofCase.OperatorPut => CardKey.Operator(happened.OperatorPut.Operator.OperatorId),
        Event.BodyOneofCase.GasBatchPut => CardKey.GasBatch(happened.GasBatchPut.GasBatch.StationId, happened.GasBatchPut.GasBatch.GasBatchId),
        Event.BodyOneofCase.CustodyPut => CardKey.Custody(happened.CustodyPut.Custody.UnitId, happened.CustodyPut.Custody.StationId),
        Event.BodyOneofCase.InspectionBodyPut => CardKey.InspectionBody(happened.InspectionBodyPut.InspectionBody.InspectionBodyId),
        Event.BodyOneofCase.LimitPut => CardKey.Limits,
        _ => null,
    };
}
