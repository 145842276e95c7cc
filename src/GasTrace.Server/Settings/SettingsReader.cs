using System.Globalization;
using GasTrace.Domain.Deciding;
using Microsoft.Extensions.Configuration;

namespace GasTrace.Server.Settings;

/// <summary>Reads settings one by one; what is wrong is said with the setting's whole name, its value and the rule.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The section that all settings lie in.</summary>
    public const string Root = "GasTrace";

    public string Text(string name, string otherwise)
    {
        var value = Find(name);
        return string.IsNullOrWhiteSpace(value) ? otherwise : value;
    }

    public string RequiredText(string name) =>
        Text(name, string.Empty) is { Length: > 0 } value ? value : throw Wrong(name, string.Empty, new("必填", "must be given"));

    public int Number(string name, int otherwise, int min, int max) =>
        Find(name) is not { Length: > 0 } value ? otherwise
        : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw Wrong(name, value, new($"须在 {min} 至 {max} 之间", $"must be {min} to {max}"));

    public TValue Choice<TValue>(string name, TValue otherwise)
        where TValue : struct, Enum =>
        Find(name) is not { Length: > 0 } value ? otherwise
        : !char.IsAsciiDigit(value[0]) && Enum.TryParse<TValue>(value, ignoreCase: true, out var choice) ? choice
        : throw Wrong(name, value, new("须为 " + string.Join(" 或 ", Enum.GetNames<TValue>()), "must be " + string.Join(" or ", Enum.GetNames<TValue>())));

    /// <summary>A secret, given as it is or as the file that holds it; empty when neither is.</summary>
    public string Secret(string name)
    {
        var value = Find(name) ?? string.Empty;
        var file = Find(name + "File") ?? string.Empty;
        if (value.Length > 0 && file.Length > 0)
        {
            throw new SettingException(new($"{Root}:{name} 与 {Root}:{name}File 同时给出：只能给一个", $"{Root}:{name} and {Root}:{name}File are both given: give one"));
        }

        try
        {
            return file.Length > 0 ? File.ReadAllText(file).Trim() : value;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(new($"{Root}:{name}File '{file}'：无法读取：{error.Message}", $"{Root}:{name}File '{file}': cannot be read: {error.Message}"), error);
        }
    }

    /// <summary>A secret that must be there. What it is, is never shown.</summary>
    public string RequiredSecret(string name) =>
        Secret(name) is { Length: > 0 } secret ? secret : throw new SettingException(new($"{Root}:{name} 或 {Root}:{name}File 必填", $"{Root}:{name} or {Root}:{name}File must be given"));

    /// <summary>Refuses settings that nobody has asked for: a typing error must not pass for a default.</summary>
    public void RefuseUnknown()
    {
        foreach (var setting in configuration.GetSection(Root).AsEnumerable(makePathsRelative: true))
        {
            if (!string.IsNullOrEmpty(setting.Value) && !known.Contains(setting.Key))
            {
                throw new SettingException(new($"{Root}:{setting.Key}：没有此设置", $"{Root}:{setting.Key}: there is no such setting"));
            }
        }
    }

    public static SettingException Wrong(string name, string value, Bilingual rule) => new(new($"{Root}:{name} '{value}'：{rule.Chinese}", $"{Root}:{name} '{value}': {rule.English}"));

    private string? Find(string name)
    {
        known.Add(name);
        return configuration[$"{Root}:{name}"];
    }
}
