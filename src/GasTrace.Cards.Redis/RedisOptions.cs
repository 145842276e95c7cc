namespace GasTrace.Cards.Redis;

/// <summary>Settings of the shared card cache.</summary>
/// <param name="Configuration">
/// How to reach it, as StackExchange.Redis reads it: <c>host:port,host:port,user=…,password=…,ssl=true</c>. It may hold a
/// password: it is never logged or shown.
/// </param>
public sealed record RedisOptions(string Configuration)
{
    /// <summary>What all keys and channels begin with: several ledgers may share a Redis.</summary>
    public string Prefix { get; init; } = "gastrace:";

    /// <summary>How long a card stays that nobody writes again.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one call may take before the store is asked instead.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it is left alone once half of the calls failed.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>File of the authority that signed the server's certificate, PEM; empty for those that the system trusts.</summary>
    public string CertificateAuthorityFile { get; init; } = string.Empty;

    /// <inheritdoc />
    public override string ToString() => nameof(RedisOptions);
}
