using GasTrace.LoadTests.Scenarios;
using Google.Protobuf;
using Grpc.Core;
using NBomber.Contracts;
using NBomber.CSharp;

namespace GasTrace.LoadTests.NBomber;

/// <summary>Makes each call of a scenario a step of NBomber: timed, counted by its status, with the size of what was answered.</summary>
internal sealed class StepMeter(IScenarioContext context) : ICallMeter
{
    /// <summary>Makes a call. When it fails, NBomber ends the iteration with the step.</summary>
    public async Task<TReply> CallAsync<TReply>(string name, Func<Task<TReply>> send)
        where TReply : class
    {
        TReply? reply = null;
        await Step.Run(name, context, async () =>
        {
            try
            {
                reply = await send();
                return Response.Ok(statusCode: nameof(StatusCode.OK), sizeBytes: (reply as IMessage)?.CalculateSize() ?? 0);
            }
            catch (RpcException error)
            {
                return Response.Fail(statusCode: error.StatusCode.ToString(), message: error.Status.Detail);
            }
        });
        return reply ?? throw new OperationCanceledException($"The step '{name}' failed.");
    }
}
