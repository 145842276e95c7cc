using GasTrace.Domain.Deciding;

namespace GasTrace.Server.Settings;

/// <summary>A setting is wrong, missing or unknown: the node does not start.</summary>
/// <param name="text">Which, its value and the rule, for whoever operates the service.</param>
/// <param name="cause">What it was noticed by.</param>
public sealed class SettingException(Bilingual text, Exception? cause = null) : FormatException(text.English, cause)
{
    /// <summary>Which, its value and the rule, in both languages.</summary>
    public Bilingual Text => text;
}
