using GasTrace.V1;

namespace GasTrace.LoadTests;

/// <summary>Requests as terminals send them. Each caller has its own gun and its own random cylinders.</summary>
internal sealed class Requests(Register register)
{
    private static readonly PrefillCheck[] Before = [.. Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed })];
    private static readonly PostfillCheck[] After = [.. Enum.GetValues<PostfillItem>().Where(item => item != PostfillItem.Unspecified).Select(item => new PostfillCheck { Item = item, Outcome = CheckOutcome.Passed })];

    public static string NewId() => Guid.CreateVersion7().ToString("D");

    public ScanRequest Scan(int caller)
    {
        var station = caller % register.Stations;
        var request = new ScanRequest
        {
            RequestId = NewId(),
            TerminalId = Register.TerminalId(station),
            GunId = Gun(caller),
            OperatorId = Register.OperatorId(station),
            GasBatchId = Register.GasBatchId(station),
            Scanned = register.Code(Random.Shared.Next(register.Cylinders)),
        };
        request.Checks.Add(Before);
        return request;
    }

    public static BeginFillRequest Begin(PermitTerms terms) => new() { RequestId = NewId(), PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId };

    public static CompleteFillRequest Complete(PermitTerms terms)
    {
        var report = new FillReport { PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId, GrossMassG = terms.TareG + terms.MaxNetMassG - 200 };
        report.Checks.Add(After);
        return new CompleteFillRequest { RequestId = NewId(), Report = report };
    }

    private string Gun(int caller) => Register.GunId(caller / register.Stations % register.GunsPerStation);
}
