using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GasTrace.Server.Hosting;

/// <summary>Tells the log when something the node needs goes away, and when it is back: once each, however often it is checked.</summary>
internal sealed partial class HealthChanges(ILogger<HealthChanges> log)
{
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>How it is now.</summary>
    public void Report(string what, bool isUp, string reason)
    {
        var wasUp = known.TryGetValue(what, out var before) ? before : (bool?)null;
        known[what] = isUp;
        if (isUp && wasUp == false)
        {
            LogBack(what);
        }
        else if (!isUp && wasUp != false)
        {
            LogAway(what, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{What} is used again.")]
    private partial void LogBack(string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} is away: {Reason}")]
    private partial void LogAway(string what, string reason);
}
