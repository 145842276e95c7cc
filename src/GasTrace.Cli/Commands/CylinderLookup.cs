using GasTrace.Cli.Connecting;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Cli.Commands;

/// <summary>Finds a cylinder by what people have at hand.</summary>
internal static class CylinderLookup
{
    /// <summary>By id, by what a scanner reads, or by any alias.</summary>
    public static async Task<Cylinder> FindAsync(ServerConnection connection, string text, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Registry.GetCylinderAsync(new GetCylinderRequest { Scanned = text }, cancellationToken: cancellationToken)).Cylinder;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return (await connection.Registry.GetCylinderAsync(new GetCylinderRequest { CylinderId = text }, cancellationToken: cancellationToken)).Cylinder;
        }
    }
}
