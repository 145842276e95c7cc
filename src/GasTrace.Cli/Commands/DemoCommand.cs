using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Cli.Demo;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace demo</c>: a city at work, in one command.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seconds = Number("--seconds", Language.Of("转盘运行的秒数。", "How long the carousels run."), 20, 1, 86_400);
        var stations = Number("--stations", Language.Of("充装站数。", "Filling stations."), 8, 1, 99);
        var cylinders = Number("--cylinders", Language.Of("气瓶数。", "Cylinders."), 20_000, 100, 10_000_000);
        var seed = Number("--seed", Language.Of("随机种子；相同则城市相同。", "The same seed gives the same city."), 1, 0, int.MaxValue);
        var json = CommonOptions.Json();
        var command = new Command("demo", Language.Of("演示一座城市（用后即弃的存储）：充装转盘、监管跟随，最后对账。", "A city at work on a throw-away store: carousels, a regulator's follower, and the books at the end."))
        {
            seconds, stations, cylinders, seed, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var demo = new Demonstration(
                result.GetValue(stations), result.GetValue(cylinders), TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(seed), result.GetValue(json));
            var report = await demo.RunAsync(cancellationToken);
            if (result.GetValue(json))
            {
                Console.WriteLine(ReportJson.Of(report));
            }
            else
            {
                report.Print();
            }

            return report.Succeeded ? 0 : Tool.Failed;
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var given) || given < min || given > max))
            {
                result.AddError(Language.Of($"{name} '{result.Tokens[0].Value}'：须为 {min} 至 {max} 的整数", $"{name} '{result.Tokens[0].Value}': must be a whole number from {min} to {max}"));
            }
        });
        return option;
    }
}
