using GasTrace.V1;

namespace GasTrace.Domain.Deciding;

/// <summary>A key that must never have been used before.</summary>
/// <param name="Key">The key, at most 200 characters.</param>
/// <param name="WhenTaken">What to answer when it was used; null when the entry that used it is the answer.</param>
public sealed record Claim(string Key, Rejection? WhenTaken)
{
    /// <summary>The claim on a request id: the same request again finds the entry that answered it.</summary>
    public static string OfRequest(string requestId) => "r:" + requestId;

    /// <summary>The claim on maker, year and serial number.</summary>
    public static string OfSerial(string maker, int year, string serialNumber) => $"s:{maker}/{year}/{serialNumber}";
}

/// <summary>
/// What a command leads to, as data: events for the ledger (the last one is the answer), new states of cards, keys claimed.
/// Or a rejection, which leaves no trace. Or the repeat of an answer given before.
/// </summary>
public sealed record Decision
{
    private Decision()
    {
    }

    /// <summary>What happened, in order; the last one is what the caller asked for.</summary>
    public IReadOnlyList<Event> Events { get; private init; } = [];

    /// <summary>New states of cards.</summary>
    public IReadOnlyList<CardChange> Changes { get; private init; } = [];

    /// <summary>Keys that must never have been used before, besides the request's own.</summary>
    public IReadOnlyList<Claim> Claims { get; private init; } = [];

    /// <summary>Why nothing is done; null when something is.</summary>
    public Rejection? Rejection { get; private init; }

    /// <summary>The earlier request whose entry is the answer to this one too; null in general.</summary>
    public string? SameAsRequestId { get; private init; }

    /// <summary>Something happened.</summary>
    public static Decision Happened(IReadOnlyList<Event> events, IReadOnlyList<CardChange> changes, params IReadOnlyList<Claim> claims) =>
        new() { Events = events, Changes = changes, Claims = claims };

    /// <summary>Nothing is done.</summary>
    public static Decision Rejected(Rejection rejection) => new() { Rejection = rejection };

    /// <summary>It was done before by another request; that answer holds.</summary>
    public static Decision SameAs(string requestId) => new() { SameAsRequestId = requestId };
}
