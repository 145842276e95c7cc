using GasTrace.Cli.Connecting;
using GasTrace.Cli.Importing;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Cli.Rehearsal;

/// <summary>A row of the register that did not go in.</summary>
/// <param name="File">The table.</param>
/// <param name="Line">Line of the table.</param>
/// <param name="Error">What is wrong with it: the column or field, its value and the rule.</param>
internal sealed record RefusedRow(string File, long Line, string Error);

/// <summary>Loads the tables of a folder into a server, through the contract. A row that breaks a rule does not keep the others out.</summary>
internal sealed class RegisterLoader(ServerConnection connection, string folder)
{
    private const string ActorId = "rehearsal";
    private readonly RegistryService.RegistryServiceClient registry = connection.Registry;

    /// <summary>Rows that did not go in.</summary>
    public List<RefusedRow> Refused { get; } = [];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await StationsAsync(cancellationToken);
        await TerminalsAsync(cancellationToken);
        await OperatorsAsync(cancellationToken);
        await GasBatchesAsync(cancellationToken);
        await CustodyAsync(cancellationToken);
        await CylindersAsync(cancellationToken);
        await BlacklistAsync(cancellationToken);
    }

    private Task StationsAsync(CancellationToken cancellationToken) => EachAsync("充装站.csv", ["站码", "单位", "区划", "许可证号", "许可介质", "有效期止", "状态"], async row =>
    {
        var status = row["状态"] switch
        {
            "正常" or "" => StationStatus.Active,
            "暂停" or "停产整顿" => StationStatus.Suspended,
            "撤销" or "注销" or "吊销" => StationStatus.Revoked,
            var other => throw new RowException("状态", other, Language.Of("须为 正常、暂停 或 撤销", "must be 正常, 暂停 or 撤销")),
        };
        var station = new Station
        {
            StationId = row["站码"],
            Name = row["名称"],
            UnitId = row["单位"],
            Region = row["区划"],
            LicenceNumber = row["许可证号"],
            LicenceEndsOn = CylinderColumns.Message(row.Date("有效期止")),
        };
        station.LicensedGases.Add(Split(row["许可介质"]));
        await registry.PutStationAsync(new PutStationRequest { RequestId = NewId(), ActorId = ActorId, Station = station }, cancellationToken: cancellationToken);
        if (status != StationStatus.Active)
        {
            var suspend = new SuspendStationRequest { RequestId = NewId(), ActorId = ActorId, StationId = station.StationId, Status = status, Reason = row["状态"] };
            await registry.SuspendStationAsync(suspend, cancellationToken: cancellationToken);
        }
    });

    private Task TerminalsAsync(CancellationToken cancellationToken) => EachAsync("终端.csv", ["终端号", "站码", "枪号", "介质"], async row =>
    {
        var terminal = new V1.Terminal { TerminalId = row["终端号"], StationId = row["站码"], Gas = row["介质"] };
        terminal.Guns.Add(Split(row["枪号"]).Select(gun => new Gun { GunId = gun }));
        await registry.PutTerminalAsync(new PutTerminalRequest { RequestId = NewId(), ActorId = ActorId, Terminal = terminal }, cancellationToken: cancellationToken);
    });

    private async Task OperatorsAsync(CancellationToken cancellationToken)
    {
        // One person may stand in several rows, one a station.
        const string File = "作业人员.csv";
        var people = Rows(File, ["工号", "站码", "证书编号", "项目", "有效期止"]).GroupBy(row => row["工号"]);
        foreach (var person in people)
        {
            await TakeInAsync(File, person.Last(), async row =>
            {
                var put = new Operator { OperatorId = person.Key, CertificateNumber = row["证书编号"], CertificateEndsOn = CylinderColumns.Message(row.Date("有效期止")) };
                put.StationIds.Add(person.Select(place => place["站码"]).Distinct());
                put.CertificateItems.Add(Split(row["项目"]));
                await registry.PutOperatorAsync(new PutOperatorRequest { RequestId = NewId(), ActorId = ActorId, Operator = put }, cancellationToken: cancellationToken);
            });
        }
    }

    private Task GasBatchesAsync(CancellationToken cancellationToken) => EachAsync("气源批次.csv", ["批次号", "站码", "介质", "合格证号", "有效期止", "状态"], async row =>
    {
        var batch = new GasBatch
        {
            GasBatchId = row["批次号"],
            StationId = row["站码"],
            Gas = row["介质"],
            CertificateNumber = row["合格证号"],
            CertificateEndsOn = CylinderColumns.Message(row.Date("有效期止")),
            Status = row["状态"] switch
            {
                "合格" => GasBatchStatus.Released,
                "冻结" or "待检" => GasBatchStatus.OnHold,
                _ => GasBatchStatus.Condemned,
            },
        };
        await registry.PutGasBatchAsync(new PutGasBatchRequest { RequestId = NewId(), ActorId = ActorId, GasBatch = batch }, cancellationToken: cancellationToken);
    });

    private Task CustodyAsync(CancellationToken cancellationToken) => EachAsync("托管.csv", ["产权单位", "站码"], async row =>
    {
        var custody = new Custody { UnitId = row["产权单位"], StationId = row["站码"], Active = true };
        await registry.PutCustodyAsync(new PutCustodyRequest { RequestId = NewId(), ActorId = ActorId, Custody = custody }, cancellationToken: cancellationToken);
    });

    private async Task CylindersAsync(CancellationToken cancellationToken)
    {
        const string File = "气瓶.csv";
        var importer = new CylinderImporter(registry, ActorId);
        await importer.RunAsync(NewId(), Rows(File, ["瓶码", "制造单位", "出厂编号", "制造日期", "型号", "充装介质", "容积_mL"]), cancellationToken);
        Refused.AddRange(importer.Bad.OrderBy(bad => bad.Line).Select(bad => new RefusedRow(File, bad.Line, $"{bad.Column}: {bad.Rule}")));
    }

    private Task BlacklistAsync(CancellationToken cancellationToken) => EachAsync("黑名单.csv", ["类型", "值", "原因"], async row =>
    {
        var request = new BlacklistRequest { RequestId = NewId(), ActorId = ActorId, Reason = row["原因"] };
        switch (row["类型"])
        {
            case "气瓶":
                var found = await registry.GetCylinderAsync(new GetCylinderRequest { Scanned = row["值"] }, cancellationToken: cancellationToken);
                request.CylinderId = found.Cylinder.CylinderId;
                break;
            case "批次":
                request.MakerMonth = MonthOf(row["值"]);
                break;
            case "型号":
                request.Model = row["值"];
                break;
            default:
                throw new RowException("类型", row["类型"], Language.Of("须为 气瓶、批次 或 型号", "must be 气瓶, 批次 or 型号"));
        }

        await registry.BlacklistAsync(request, cancellationToken: cancellationToken);
    });

    private static MakerMonth MonthOf(string text)
    {
        var parts = text.Split('/', '-');
        return parts.Length == 3 && int.TryParse(parts[1], out var year) && int.TryParse(parts[2], out var month)
            ? new MakerMonth { Maker = parts[0], Year = year, Month = month }
            : throw new RowException("值", text, Language.Of("须为 制造单位/年-月，例如 JSGB/2026-02", "must be maker/year-month, for instance JSGB/2026-02"));
    }

    private async Task EachAsync(string file, string[] columns, Func<CsvRow, Task> takeIn)
    {
        foreach (var row in Rows(file, columns))
        {
            await TakeInAsync(file, row, takeIn);
        }
    }

    private async Task TakeInAsync(string file, CsvRow row, Func<CsvRow, Task> takeIn)
    {
        try
        {
            await takeIn(row);
        }
        catch (RowException error)
        {
            Refused.Add(new RefusedRow(file, row.Line, error.Message));
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition)
        {
            Refused.Add(new RefusedRow(file, row.Line, StatusText.Of(error)));
        }
    }

    private IEnumerable<CsvRow> Rows(string file, string[] columns) => CsvFile.Read(Path.Combine(folder, file), columns);

    private static string[] Split(string text) => text.Split([';', '；', ',', '，', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string NewId() => CommonOptions.NewRequestId();
}
