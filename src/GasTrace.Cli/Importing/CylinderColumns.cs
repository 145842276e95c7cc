using GasTrace.V1;
using Date = Google.Type.Date;

namespace GasTrace.Cli.Importing;

/// <summary>The columns of a table of cylinders, in Chinese or English.</summary>
internal static class CylinderColumns
{
    private static readonly (string Chinese, string English, string Field)[] Known =
    [
        ("瓶码", "code", "code"),
        ("制造单位", "maker", "maker"),
        ("出厂编号", "serial_number", "serial_number"),
        ("制造日期", "manufactured_on", "manufactured_on"),
        ("型号", "model", "model"),
        ("充装介质", "gas", "gas"),
        ("容积_mL", "water_capacity_ml", "water_capacity_ml"),
        ("皮重_g", "tare_g", "tare_g"),
        ("最大充装量_g", "max_net_mass_g", "max_net_mass_g"),
        ("产权单位", "unit_id", "use_registration.unit_id"),
        ("使用登记证号", "certificate_number", "use_registration.certificate_number"),
        ("上次检验日期", "last_inspected_on", "last_inspection.inspected_on"),
        ("检验结论", "inspection_result", "last_inspection.result"),
        ("下次检验日期", "inspection_due_on", "inspection_due_on"),
        ("使用年限至", "service_life_ends_on", "service_life_ends_on"),
        ("状态", "status", "scrapped"),
        ("翻新", "refurbished", "refurbished"),
        ("停用日期", "out_of_use_from", "out_of_use.from"),
    ];

    /// <summary>The names of all columns, for people.</summary>
    public static string Names => string.Join(", ", Known.Select(column => $"{column.Chinese} {column.English}"));

    /// <summary>The column of a table that a field of the contract came from.</summary>
    public static string ColumnOf(string field) => Known.FirstOrDefault(column => column.Field == field).Chinese ?? field;

    /// <summary>What a row says.</summary>
    /// <exception cref="RowException">A value breaks a rule of the table.</exception>
    public static CylinderRegistration Read(CsvRow row)
    {
        string Value(string chinese) => row[NameIn(row, chinese)];
        var inspectedOn = row.Date(NameIn(row, "上次检验日期"));
        var (scrapped, outOfUse) = Value("状态") switch
        {
            "在用" or "IN_USE" or "" => (false, false),
            "停用" or "OUT_OF_USE" => (false, true),
            "报废" or "SCRAPPED" => (true, false),
            var other => throw new RowException("状态", other, Language.Of("须为 在用、停用 或 报废", "must be 在用, 停用 or 报废")),
        };
        return new CylinderRegistration
        {
            Code = Value("瓶码"),
            Maker = Value("制造单位"),
            SerialNumber = Value("出厂编号"),
            ManufacturedOn = Message(row.Date(NameIn(row, "制造日期"))),
            Model = Value("型号"),
            Gas = Value("充装介质").ToUpperInvariant(),
            WaterCapacityMl = row.Number(NameIn(row, "容积_mL")),
            TareG = row.Number(NameIn(row, "皮重_g")),
            MaxNetMassG = row.Number(NameIn(row, "最大充装量_g")),
            UseRegistration = new UseRegistration { UnitId = Value("产权单位"), CertificateNumber = Value("使用登记证号") },
            LastInspection = inspectedOn is null ? null : new Inspection { InspectedOn = Message(inspectedOn), Result = ResultOf(Value("检验结论")) },
            InspectionDueOn = Message(row.Date(NameIn(row, "下次检验日期"))),
            ServiceLifeEndsOn = Message(row.Date(NameIn(row, "使用年限至"))),
            Scrapped = scrapped,
            OutOfUse = outOfUse ? new OutOfUse { From = Message(row.Date(NameIn(row, "停用日期"))) } : null,
            Refurbished = Value("翻新") switch
            {
                "是" or "true" or "1" => true,
                "否" or "false" or "0" or "" => false,
                var other => throw new RowException("翻新", other, Language.Of("须为 是 或 否", "must be 是 or 否")),
            },
        };
    }

    /// <summary>A day as a message.</summary>
    public static Date? Message(DateOnly? day) => day is { } date ? new Date { Year = date.Year, Month = date.Month, Day = date.Day } : null;

    private static InspectionResult ResultOf(string text) => text switch
    {
        "合格" or "PASSED" => InspectionResult.Passed,
        "不合格" or "FAILED" => InspectionResult.Failed,
        _ => throw new RowException("检验结论", text, Language.Of("须为 合格 或 不合格", "must be 合格 or 不合格")),
    };

    private static string NameIn(CsvRow row, string chinese) =>
        row.Values.ContainsKey(chinese) ? chinese : Known.First(column => column.Chinese == chinese).English;
}
