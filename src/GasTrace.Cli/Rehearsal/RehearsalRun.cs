using GasTrace.Cli.Connecting;
using GasTrace.Cli.Importing;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Cli.Rehearsal;

/// <summary>An answer in the words of the table.</summary>
/// <param name="Outcome">许可, 拒绝, 已记录, 违规 or 已放弃; else the error.</param>
/// <param name="Codes">All codes, sorted by name, separated by <c>;</c>.</param>
internal sealed record Verdict(string Outcome, string Codes)
{
    public static Verdict Of(string outcome, IEnumerable<Finding> findings) =>
        new(outcome, string.Join(';', findings.Select(finding => finding.Code).Order(StringComparer.Ordinal)));
}

/// <summary>A row whose answer was not the expected one.</summary>
/// <param name="Line">Line of the table.</param>
/// <param name="Action">What was done.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Answered">What was answered.</param>
internal sealed record Difference(int Line, string Action, Verdict Expected, Verdict Answered);

/// <summary>How a rehearsal went.</summary>
/// <param name="Agreed">Rows that agreed.</param>
/// <param name="Differed">Rows that differed.</param>
/// <param name="Differences">Each of them.</param>
/// <param name="Refused">Rows of the register that did not go in.</param>
internal sealed record RehearsalReport(int Agreed, int Differed, IReadOnlyList<Difference> Differences, IReadOnlyList<RefusedRow> Refused);

/// <summary>Performs the actions of a day one by one and compares each answer.</summary>
internal sealed class RehearsalRun(ServerConnection connection)
{
    private readonly Dictionary<string, (ScanRequest Scan, Permit? Permit)> scans = new(StringComparer.Ordinal);

    public async Task<RehearsalReport> RunAsync(IEnumerable<CsvRow> actions, IReadOnlyList<RefusedRow> refused, CancellationToken cancellationToken)
    {
        List<Difference> differences = [];
        var rows = 0;
        foreach (var row in actions)
        {
            rows++;
            var expected = new Verdict(row["期望"], string.Join(';', row["原因"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)));
            var answered = await PerformAsync(row, cancellationToken);
            if (answered != expected)
            {
                differences.Add(new Difference(row.Line, $"{row["动作"]} {row["序号"]}{row["引用"]} {row["扫描内容"]}", expected, answered));
            }
        }

        return new RehearsalReport(rows - differences.Count, differences.Count, differences, refused);
    }

    private async Task<Verdict> PerformAsync(CsvRow row, CancellationToken cancellationToken)
    {
        try
        {
            return row["动作"] switch
            {
                "扫码" => await ScanAsync(row, cancellationToken),
                "完成" => await CompleteAsync(row, cancellationToken),
                "放弃" => await AbortAsync(row, cancellationToken),
                var other => throw new RowException("动作", other, Language.Of("须为 扫码、完成 或 放弃", "must be 扫码, 完成 or 放弃")),
            };
        }
        catch (RpcException error)
        {
            return new Verdict(error.StatusCode.ToString(), StatusText.Of(error));
        }
        catch (RowException error)
        {
            return new Verdict(nameof(StatusCode.InvalidArgument), error.Message);
        }
    }

    private async Task<Verdict> ScanAsync(CsvRow row, CancellationToken cancellationToken)
    {
        var request = new ScanRequest
        {
            RequestId = CommonOptions.NewRequestId(),
            TerminalId = row["终端号"],
            GunId = row["枪号"],
            OperatorId = row["工号"],
            GasBatchId = row["气源批次"],
            // As it stands: what surrounds a code is for the service to deal with.
            Scanned = row.Raw("扫描内容"),
        };
        request.Checks.Add(CheckText.BeforeFilling(row["充装前检查"]));
        var response = await connection.Filling.ScanAsync(request, cancellationToken: cancellationToken);
        scans[row["序号"]] = (request, response.Permit);
        return response.Permit is null ? Verdict.Of("拒绝", response.Refusal.Findings) : Verdict.Of("许可", []);
    }

    private async Task<Verdict> CompleteAsync(CsvRow row, CancellationToken cancellationToken)
    {
        var (scan, permit) = Referenced(row);
        if (permit is not null)
        {
            var begin = new BeginFillRequest { RequestId = CommonOptions.NewRequestId(), PermitId = permit.Terms.PermitId, TerminalId = scan.TerminalId, GunId = scan.GunId };
            try
            {
                await connection.Filling.BeginFillAsync(begin, cancellationToken: cancellationToken);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
            {
                // Gas that has gone in is reported all the same: the report tells what was wrong with it.
            }
        }

        var report = new FillReport
        {
            PermitId = permit?.Terms.PermitId ?? string.Empty,
            Scanned = permit is null ? scan.Scanned : string.Empty,
            TerminalId = scan.TerminalId,
            GunId = scan.GunId,
            OperatorId = scan.OperatorId,
            GasBatchId = scan.GasBatchId,
            GrossMassG = row.Number("毛重_g"),
        };
        report.Checks.Add(CheckText.AfterFilling(row["充装后检查"]));
        var response = await connection.Filling.CompleteFillAsync(
            new CompleteFillRequest { RequestId = CommonOptions.NewRequestId(), Report = report }, cancellationToken: cancellationToken);
        return Verdict.Of(response.Violations.Count == 0 ? "已记录" : "违规", response.Violations);
    }

    private async Task<Verdict> AbortAsync(CsvRow row, CancellationToken cancellationToken)
    {
        var (scan, permit) = Referenced(row);
        var request = new AbortFillRequest
        {
            RequestId = CommonOptions.NewRequestId(),
            PermitId = permit?.Terms.PermitId ?? "none",
            TerminalId = scan.TerminalId,
            Reason = "放弃",
        };
        await connection.Filling.AbortFillAsync(request, cancellationToken: cancellationToken);
        return Verdict.Of("已放弃", []);
    }

    private (ScanRequest Scan, Permit? Permit) Referenced(CsvRow row) => scans.TryGetValue(row["引用"], out var scan)
        ? scan
        : throw new RowException("引用", row["引用"], Language.Of("之前没有这一序号的扫码", "names no scan before it"));
}
