namespace GasTrace.Domain.Deciding;

/// <summary>The kind of a rejection; each maps to one gRPC status.</summary>
public enum RejectionKind
{
    /// <summary>The request is malformed (INVALID_ARGUMENT).</summary>
    Invalid,

    /// <summary>What it names is not there (NOT_FOUND).</summary>
    NotFound,

    /// <summary>What it would create is there (ALREADY_EXISTS).</summary>
    AlreadyExists,

    /// <summary>The present state forbids it (FAILED_PRECONDITION).</summary>
    Forbidden,
}

/// <summary>Why a command is not done.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Reason">Machine-readable reason, for instance <c>MAX_FILL_INVALID</c>.</param>
/// <param name="Field">The field of the request at fault.</param>
/// <param name="Value">Its value; only the beginning of a long one, since an error must not carry a whole malformed payload back.</param>
/// <param name="Rule">The rule that it breaks, in words.</param>
public sealed record Rejection(RejectionKind Kind, string Reason, string Field, string Value, Bilingual Rule)
{
    // In UTF-16 units.
    private const int ValueShownMax = 80;

    /// <summary>The value, or the beginning of it.</summary>
    public string Value { get; } = Shown(Value);

    /// <summary>One sentence for people.</summary>
    public Bilingual Message => new($"{Field} '{Value}'：{Rule.Chinese}", $"{Field} '{Value}': {Rule.English}");

    /// <summary>A field breaks a rule.</summary>
    public static Rejection Invalid(string field, string value, Bilingual rule, string reason = "FIELD_INVALID") =>
        new(RejectionKind.Invalid, reason, field, value, rule);

    /// <summary>An id is not registered.</summary>
    public static Rejection NotFound(string field, string value, Bilingual what) =>
        new(RejectionKind.NotFound, "NOT_FOUND", field, value, new($"查无此{what.Chinese}", $"no such {what.English} is registered"));

    /// <summary>A name is taken.</summary>
    public static Rejection Taken(string field, string value, Bilingual rule, string reason) =>
        new(RejectionKind.AlreadyExists, reason, field, value, rule);

    /// <summary>The present state forbids it.</summary>
    public static Rejection Forbidden(string field, string value, Bilingual rule, string reason) =>
        new(RejectionKind.Forbidden, reason, field, value, rule);

    // Half a character is none: no message can carry it.
    private static string Shown(string value) => value.Length <= ValueShownMax
        ? value
        : value[..(char.IsHighSurrogate(value[ValueShownMax - 1]) ? ValueShownMax - 1 : ValueShownMax)] + "…";
}
