using GasTrace.V1;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>Several nodes that share a ledger.</summary>
public interface INodeGroup : IAsyncDisposable
{
    /// <summary>The nodes as clients see them.</summary>
    IReadOnlyList<NodeClient> Members { get; }

    /// <summary>Takes a node away as when its machine dies: it renews no lease and hands none back.</summary>
    Task CutOffAsync(int node);

    /// <summary>Brings it back.</summary>
    Task ReconnectAsync(int node);

    /// <summary>Registers a sound cylinder at a node.</summary>
    async Task<RegisterCylinderResponse> RegisterAsync(int at = 0) => await Members[at].Registry.RegisterCylinderAsync(TestNode.NewCylinder());
}
