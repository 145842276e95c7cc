using System.Collections.Immutable;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>All rules for which a scan is refused, by number. The offline rules (901, 902) belong to the terminal.</summary>
public static class ScanRules
{
    /// <summary>The rules, lowest number first.</summary>
    public static ImmutableArray<ScanRule> All { get; } =
    [
        new CodeMalformed(), new CodeCheckFailed(), new CodeUnknown(), new CodeVoided(), new CodeStampMismatch(), new CodeCloneSuspect(),
        new CylinderScrapped(), new CylinderSeized(), new CylinderBlacklisted(), new ModelOrBatchRecalled(), new TwoPhaseBanned(),
        new Refurbished(), new CylinderOutOfUse(),
        new InspectionOverdue(), new InspectionMissing(), new InspectionFailed(), new InspectionOrgInvalid(), new ServiceLifeExceeded(),
        new LongStorageUninspected(),
        new NotRegisteredToStation(), new UseRegistrationMissing(),
        new MediumMismatch(), new TareUnknown(), new TareDeviation(), new NoResidualPressure(), new PurgeRequired(), new GasBatchOnHold(),
        new GasBatchUntested(),
        new StationUnlicensed(), new StationLicenceExpired(), new StationScopeExceeded(), new StationSuspended(), new OperatorUnknown(),
        new OperatorCertInvalid(), new OperatorBlacklisted(), new TerminalUnregistered(), new ScaleCalibrationExpired(), new ScaleLocked(),
        new PrefillCheckMissing(), new PrefillCheckFailed(),
        new PermitOpen(), new NotReturned(), new ScaleBusy(),
        new ClockUntrusted(),
    ];

    private static readonly ImmutableArray<ScanRule> Cylinder = [.. All.Where(rule => rule is CylinderRule)];

    /// <summary>Every reason for which a scan is refused; empty when it is not.</summary>
    public static IReadOnlyList<Finding> Judge(ScanCase scan) => Judge(scan, All);

    /// <summary>The reasons of the cylinder itself.</summary>
    public static IReadOnlyList<Finding> JudgeCylinder(ScanCase scan) => Judge(scan, Cylinder);

    private static List<Finding> Judge(ScanCase scan, ImmutableArray<ScanRule> rules)
    {
        List<Finding> findings = [];
        foreach (var rule in rules)
        {
            if (rule.Check(scan) is { } facts)
            {
                findings.Add(rule.ToFinding(facts));
            }
        }

        return findings;
    }
}
