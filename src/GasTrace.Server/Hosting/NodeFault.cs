using GasTrace.Domain.Deciding;

namespace GasTrace.Server.Hosting;

/// <summary>Why a node stopped by itself; nothing when it was told to.</summary>
internal sealed class NodeFault
{
    public Exception? Cause { get; set; }
}

/// <summary>A node stopped by itself: going on would have misled.</summary>
public sealed class NodeStoppedException(Exception cause) : Exception(English(cause), cause)
{
    /// <summary>The same in both languages.</summary>
    public Bilingual Text { get; } = new($"节点已自行停止：{cause.Message}", English(cause));

    private static string English(Exception cause) => $"The node has stopped by itself: {cause.Message}";
}
