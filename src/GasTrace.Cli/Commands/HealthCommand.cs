using System.CommandLine;
using GasTrace.Cli.Connecting;
using Grpc.Health.V1;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace health</c>: whether a server serves, by the standard gRPC health protocol; for containers and scripts.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var server = ServerConnection.Option();
        var service = CommonOptions.Text("--service", Language.Of("询问的对象：不给为整个服务，'cards' 为共享卡片缓存。", "What to ask for: nothing for the server as a whole, 'cards' for its shared card cache."));
        var command = new Command("health", Language.Of("服务是否正常；正常时退出码为 0。", "Whether a server serves; exit code 0 when it does.")) { server, service };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var answer = await connection.Health.CheckAsync(
                new HealthCheckRequest { Service = result.GetValue(service) }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellationToken);
            Console.WriteLine(answer.Status switch
            {
                HealthCheckResponse.Types.ServingStatus.Serving => Language.Of("正常服务", "serving"),
                HealthCheckResponse.Types.ServingStatus.NotServing => Language.Of("未正常服务", "not serving"),
                _ => Language.Of("未知", "unknown"),
            });
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? 0 : Tool.Failed;
        });
        return command;
    }
}
