using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>What a finding rests on, as names and values.</summary>
public sealed class Facts
{
    private readonly (string Name, string Value)[] pairs;

    private Facts((string Name, string Value)[] pairs) => this.pairs = pairs;

    /// <summary>Facts.</summary>
    public static Facts Of(params ReadOnlySpan<(string Name, object? Value)> facts)
    {
        List<(string, string)> known = new(facts.Length);
        foreach (var (name, value) in facts)
        {
            if (value is not null)
            {
                known.Add((name, Text(value)));
            }
        }

        return new Facts([.. known]);
    }

    internal void CopyTo(Finding finding)
    {
        foreach (var (name, value) in pairs)
        {
            finding.Facts[name] = value;
        }
    }

    private static string Text(object value) => value switch
    {
        DateOnly day => day.ToText(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
