namespace GasTrace.LoadTests.Scenarios;

/// <summary>
/// Where a scenario's calls pass through: what runs the scenarios may time each call, count it or report it. The scenarios do
/// not know by what they are run.
/// </summary>
public interface ICallMeter
{
    /// <summary>Makes a call that is a step of a scenario.</summary>
    Task<TReply> CallAsync<TReply>(string name, Func<Task<TReply>> send)
        where TReply : class;
}

/// <summary>Makes calls and notes nothing: what a scenario is timed by as a whole.</summary>
public sealed class NoMeter : ICallMeter
{
    /// <summary>The one that is needed.</summary>
    public static readonly NoMeter Instance = new();

    /// <inheritdoc />
    public Task<TReply> CallAsync<TReply>(string name, Func<Task<TReply>> send)
        where TReply : class => send();
}
