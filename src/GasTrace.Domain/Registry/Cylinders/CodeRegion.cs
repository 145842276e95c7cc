namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>The region that a code begins with.</summary>
internal static class CodeRegion
{
    private const int Length = 6;

    /// <summary>Six digits, or nothing where the code's format has none.</summary>
    public static string Of(string code) => code.Length >= Length && code.AsSpan(0, Length).IndexOfAnyExceptInRange('0', '9') < 0 ? code[..Length] : string.Empty;
}
