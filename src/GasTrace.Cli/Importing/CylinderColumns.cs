using System.Collections.Frozen;
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
        ("瓶种", "kind", "kind"),
        ("容积_mL", "water_capacity_ml", "water_capacity_ml"),
        ("皮重_g", "tare_g", "tare_g"),
        ("最大充装量_g", "max_net_mass_g", "max_net_mass_g"),
        ("产权单位", "unit_id", "use_registration.unit_id"),
        ("使用登记证号", "certificate_number", "use_registration.certificate_number"),
        ("上次检验日期", "last_inspected_on", "last_inspection.inspected_on"),
        ("检验结论", "inspection_result", "last_inspection.result"),
        ("检验机构", "inspection_body_id", "last_inspection.inspection_body_id"),
        ("下次检验日期", "inspection_due_on", "inspection_due_on"),
        ("使用年限至", "service_life_ends_on", "service_life_ends_on"),
        ("状态", "status", "scrapped"),
        ("翻新", "refurbished", "refurbished"),
        ("停用日期", "out_of_use_from", "out_of_use.from"),
        ("未置换", "purge_required", "purge_required"),
        ("腐蚀环境", "corrosive_environment", "corrosive_environment"),
        ("钢印号", "stamped_number", "aliases"),
        ("电子标签", "rfid", "aliases"),
        ("使用登记代码", "registration_code", "aliases"),
    ];

    // The families that gas and date of manufacture do not tell.
    private static readonly FrozenDictionary<string, CylinderKind> Kinds = new Dictionary<string, CylinderKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["无缝"] = CylinderKind.Seamless,
        ["焊接"] = CylinderKind.Welded,
        ["铝合金"] = CylinderKind.Aluminium,
        ["乙炔"] = CylinderKind.Acetylene,
        ["车用"] = CylinderKind.CngVehicle,
        ["出租车用"] = CylinderKind.CngTaxi,
        ["低温绝热"] = CylinderKind.Cryogenic,
        ["seamless"] = CylinderKind.Seamless,
        ["welded"] = CylinderKind.Welded,
        ["aluminium"] = CylinderKind.Aluminium,
        ["acetylene"] = CylinderKind.Acetylene,
        ["cng_vehicle"] = CylinderKind.CngVehicle,
        ["cng_taxi"] = CylinderKind.CngTaxi,
        ["cryogenic"] = CylinderKind.Cryogenic,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly (string Column, AliasKind Kind)[] AliasColumns =
        [("钢印号", AliasKind.StampedNumber), ("电子标签", AliasKind.Rfid), ("使用登记代码", AliasKind.Registration)];

    /// <summary>The names of all columns, for people.</summary>
    public static string Names => string.Join(", ", Known.Select(column => $"{column.Chinese} {column.English}"));

    /// <summary>The column of a table that a field of the contract came from; all of them where several go into one field.</summary>
    public static string ColumnOf(string field)
    {
        var columns = Known.Where(column => field == column.Field || field.StartsWith(column.Field + ".", StringComparison.Ordinal)).Select(column => column.Chinese);
        return string.Join('/', columns) is { Length: > 0 } names ? names : field;
    }

    /// <summary>Columns of a row that mean nothing here.</summary>
    public static IReadOnlyList<string> UnknownIn(CsvRow row) => [.. row.Values.Keys.Where(name => name.Length > 0 && !Known.Any(column => column.Chinese == name || column.English == name))];

    /// <summary>What a row says.</summary>
    /// <exception cref="RowException">A value breaks a rule of the table.</exception>
    public static CylinderRegistration Read(CsvRow row)
    {
        string Value(string chinese) => row[NameIn(row, chinese)];
        var inspectedOn = row.Date(NameIn(row, "上次检验日期"));
        var due = row.DateOrMonth(NameIn(row, "下次检验日期"));
        var lifeEnd = row.DateOrMonth(NameIn(row, "使用年限至"));
        var (scrapped, outOfUse) = Value("状态").ToUpperInvariant() switch
        {
            "在用" or "IN_USE" or "" => (false, false),
            "停用" or "OUT_OF_USE" => (false, true),
            "报废" or "SCRAPPED" => (true, false),
            _ => throw new RowException("状态", Value("状态"), Language.Of("须为 在用、停用 或 报废", "must be 在用, 停用 or 报废")),
        };
        var cylinder = new CylinderRegistration
        {
            Code = Value("瓶码"),
            Maker = Value("制造单位"),
            SerialNumber = Value("出厂编号"),
            ManufacturedOn = Message(row.Date(NameIn(row, "制造日期"))),
            Model = Value("型号"),
            Gas = Value("充装介质").ToUpperInvariant(),
            Kind = KindOf(Value("瓶种")),
            WaterCapacityMl = row.Number(NameIn(row, "容积_mL")),
            TareG = row.Number(NameIn(row, "皮重_g")),
            MaxNetMassG = row.Number(NameIn(row, "最大充装量_g")),
            UseRegistration = new UseRegistration { UnitId = Value("产权单位"), CertificateNumber = Value("使用登记证号") },
            LastInspection = inspectedOn is null ? null : new Inspection { InspectedOn = Message(inspectedOn), Result = ResultOf(Value("检验结论")), InspectionBodyId = Value("检验机构") },
            InspectionDueOn = Message(due?.Day),
            InspectionDuePrecision = PrecisionOf(due),
            ServiceLifeEndsOn = Message(lifeEnd?.Day),
            ServiceLifePrecision = PrecisionOf(lifeEnd),
            Scrapped = scrapped,
            OutOfUse = outOfUse ? new OutOfUse { From = Message(row.Date(NameIn(row, "停用日期"))) } : null,
            Refurbished = row.Flag(NameIn(row, "翻新")),
            PurgeRequired = row.Flag(NameIn(row, "未置换")),
            CorrosiveEnvironment = row.Flag(NameIn(row, "腐蚀环境")),
        };
        cylinder.Aliases.Add(AliasColumns.Select(column => new Alias { Kind = column.Kind, Value = Value(column.Column) }).Where(alias => alias.Value.Length > 0));
        return cylinder;
    }

    /// <summary>A day as a message.</summary>
    public static Date? Message(DateOnly? day) => day is { } date ? new Date { Year = date.Year, Month = date.Month, Day = date.Day } : null;

    private static DatePrecision PrecisionOf((DateOnly Day, bool IsMonth)? date) => date?.IsMonth == true ? DatePrecision.Month : DatePrecision.Unspecified;

    private static CylinderKind KindOf(string text) => text.Length == 0 ? CylinderKind.Unspecified
        : Kinds.TryGetValue(text, out var kind) ? kind
        : throw new RowException("瓶种", text, Language.Of($"须为空（按介质和制造日期推定）或：{string.Join("、", Kinds.Keys.Order(StringComparer.Ordinal))}", $"must be empty (it follows from gas and date of manufacture) or one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}"));

    private static InspectionResult ResultOf(string text) => text.ToUpperInvariant() switch
    {
        "合格" or "PASSED" => InspectionResult.Passed,
        "不合格" or "FAILED" => InspectionResult.Failed,
        _ => throw new RowException("检验结论", text, Language.Of("须为 合格 或 不合格", "must be 合格 or 不合格")),
    };

    private static string NameIn(CsvRow row, string chinese) =>
        row.Values.ContainsKey(chinese) ? chinese : Known.First(column => column.Chinese == chinese).English;
}
