using System.Globalization;
using GasTrace.Domain.Deciding;

namespace GasTrace.Cli;

/// <summary>The language of whoever uses the tool: Chinese where the environment says so (<c>LANG=zh_CN.UTF-8</c>), else English.</summary>
internal static class Language
{
    /// <summary>Whether it is Chinese.</summary>
    public static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    /// <summary>A text in it.</summary>
    public static string Of(Bilingual text) => Of(text.Chinese, text.English);

    /// <summary>A text in it.</summary>
    public static string Of(string chinese, string english) => IsChinese ? chinese : english;
}
