using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.V1;
using Grpc.Net.Client;
using HdrHistogram;

namespace GasTrace.LoadTests.Phases;

/// <summary>How long after one node's acknowledgement another node still shows what was before.</summary>
internal static class Spreading
{
    private const int Changes = 300;

    public static async Task<Measurement> MeasureAsync(string name, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        using var here = GrpcChannel.ForAddress(addresses[0]);
        using var there = GrpcChannel.ForAddress(addresses[^1]);
        var writing = new RegistryService.RegistryServiceClient(here);
        var reading = new RegistryService.RegistryServiceClient(there);
        var asked = new GetOperatorRequest { OperatorId = City.OperatorId(0) };
        var person = (await reading.GetOperatorAsync(asked, cancellationToken: cancellationToken)).Operator;
        var micros = new LongHistogram(1, Latency.MicrosMax, 3);
        var began = TimeProvider.System.GetTimestamp();
        for (var change = 0; change < Changes; change++)
        {
            person.CertificateNumber = $"changed {change}";
            await writing.PutOperatorAsync(new PutOperatorRequest { RequestId = Requests.NewId(), ActorId = "load", Operator = person }, cancellationToken: cancellationToken);
            var acknowledged = TimeProvider.System.GetTimestamp();
            while ((await reading.GetOperatorAsync(asked, cancellationToken: cancellationToken)).Operator.CertificateNumber != person.CertificateNumber)
            {
            }

            micros.Record(TimeProvider.System.GetElapsedTime(acknowledged));
        }

        return new Measurement(
            name, "changes", Changes / TimeProvider.System.GetElapsedTime(began).TotalSeconds, micros.Millis(50), micros.Millis(99), micros.Millis(99.9));
    }
}
