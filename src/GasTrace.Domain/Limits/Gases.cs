namespace GasTrace.Domain.Limits;

/// <summary>How a gas bears on inspection intervals.</summary>
public enum GasClass
{
    /// <summary>Liquefied petroleum gas and its components.</summary>
    Lpg,

    /// <summary>Nitrogen and inert gases.</summary>
    Inert,

    /// <summary>Corrosive gases.</summary>
    Corrosive,

    /// <summary>Any other gas.</summary>
    Other,
}

/// <summary>Classes of gases by their code. A mixture's code is those of its components, joined by hyphens.</summary>
public static class Gases
{
    /// <summary>What a gas is mixed of; itself when it is no mixture.</summary>
    public static IReadOnlyList<string> ComponentsOf(string gas) => gas.Split('-', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } components ? components : [gas];

    /// <summary>
    /// The class of a gas. A mixture is corrosive when a component is, and of the class of its components when all have the same;
    /// what is neither, or not known, is <see cref="GasClass.Other"/>.
    /// </summary>
    public static GasClass ClassOf(string gas) => ClassesOf(gas) switch
    {
        var classes when classes.Contains(GasClass.Corrosive) => GasClass.Corrosive,
        [var only] => only,
        _ => GasClass.Other,
    };

    /// <summary>The classes of a gas's components, each once; one when it is no mixture.</summary>
    public static IReadOnlyList<GasClass> ClassesOf(string gas) => [.. ComponentsOf(gas).Select(ClassOfOne).Distinct()];

    private static GasClass ClassOfOne(string gas) => gas switch
    {
        "LPG" or "PROPANE" or "PROPYLENE" or "N_BUTANE" or "ISOBUTANE" or "DME" => GasClass.Lpg,
        "N2" or "AR" or "HE" or "NE" or "KR" or "XE" => GasClass.Inert,
        "CL2" or "SO2" or "H2S" or "NH3" or "HCL" => GasClass.Corrosive,
        _ => GasClass.Other,
    };
}
