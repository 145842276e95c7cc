namespace GasTrace.Cards.Redis;

/// <summary>What a server does in one step.</summary>
internal static class RedisScript
{
    /// <summary>Sets what is newer than what is there, each of several.</summary>
    public static readonly string SetIfNewer = Read();

    private static string Read()
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream("GasTrace.Cards.Redis.set_if_newer.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
