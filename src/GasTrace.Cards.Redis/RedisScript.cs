namespace GasTrace.Cards.Redis;

/// <summary>What a server does in one step lies in .lua files beside the code that asks for it.</summary>
internal static class RedisScript
{
    /// <summary>The text of a script.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"GasTrace.Cards.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
