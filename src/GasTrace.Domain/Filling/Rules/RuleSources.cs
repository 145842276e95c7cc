namespace GasTrace.Domain.Filling.Rules;

/// <summary>Documents that rules come from. Clauses are named only where they were read.</summary>
internal static class RuleSources
{
    public const string Tsg23 = "TSG 23-2021 气瓶安全技术规程";
    public const string Tsg23SingleGas = "TSG 23-2021, 1.7";
    public const string Tsg07OwnCylinders = "TSG 07-2019, D2.1(5)";
    public const string Tsg07Licence = "TSG 07-2019 特种设备生产和充装单位许可规则";
    public const string SafetyLaw48 = "特种设备安全法 Art. 48";
    public const string SafetyLaw49 = "特种设备安全法 Art. 49";
    public const string Gb8334 = "GB/T 8334-2022";
    public const string Gb14193 = "GB/T 14193";
    public const string Gb38059 = "GB/T 38059-2019";
    public const string Gb5842 = "GB 5842-2023";
    public const string CityTraceability = "DB4114/T 185-2023";
    public const string ProvincialPlan = "江苏省燃气安全专项整治 (2023)";
    public const string Refurbished = "SAMR 2021 气瓶安全监察";
    public const string OneScanOneFill = "一扫一充 (江苏省燃气安全专项整治)";
    public const string Metrology = "计量法";
}
