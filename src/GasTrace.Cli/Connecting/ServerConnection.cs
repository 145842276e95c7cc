using System.CommandLine;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace GasTrace.Cli.Connecting;

/// <summary>A connection to a server, with the clients of its services.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly GrpcChannel channel;

    public ServerConnection(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new FormatException(Language.Of($"--server '{address}'：须为 http 或 https 地址，例如 http://127.0.0.1:5080", $"--server '{address}': must be an http or https URL, for instance http://127.0.0.1:5080"));
        }

        channel = GasTraceChannel.Open(url);
        Filling = new FillingService.FillingServiceClient(channel);
        Registry = new RegistryService.RegistryServiceClient(channel);
        Supervision = new SupervisionService.SupervisionServiceClient(channel);
        Health = new Health.HealthClient(channel);
    }

    public FillingService.FillingServiceClient Filling { get; }

    public RegistryService.RegistryServiceClient Registry { get; }

    public SupervisionService.SupervisionServiceClient Supervision { get; }

    public Health.HealthClient Health { get; }

    /// <summary>The option that names a server; every command that talks to one has it.</summary>
    public static Option<string> Option() => new("--server") { Description = Language.Of("服务地址（URL）。", "URL of the server."), DefaultValueFactory = _ => "http://127.0.0.1:5080" };

    public void Dispose() => channel.Dispose();
}
