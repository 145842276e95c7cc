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

/// <summary>Classes of gases by their code.</summary>
public static class Gases
{
    /// <summary>The class of a gas; unknown ones are <see cref="GasClass.Other"/>.</summary>
    public static GasClass ClassOf(string gas) => gas switch
    {
        "LPG" or "PROPANE" or "PROPYLENE" or "N_BUTANE" or "ISOBUTANE" or "DME" => GasClass.Lpg,
        "N2" or "AR" or "HE" or "NE" or "KR" or "XE" => GasClass.Inert,
        "CL2" or "SO2" or "H2S" or "NH3" or "HCL" => GasClass.Corrosive,
        _ => GasClass.Other,
    };
}
