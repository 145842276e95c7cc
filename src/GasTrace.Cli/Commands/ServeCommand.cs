using System.CommandLine;
using System.Globalization;
using GasTrace.Ledger;
using GasTrace.Ledger.Sqlite;
using GasTrace.Server.Hosting;
using GasTrace.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace serve</c>: a node, on the embedded store unless its settings say otherwise.</summary>
internal static class ServeCommand
{
    private const string DefaultFile = "appsettings.json";

    // Options are shorthands for settings: there is one list of settings, with one set of checks.
    private static readonly (Option<string> Option, string Setting)[] Shorthands =
    [
        (Text("--data", Language.Of("数据目录（Sqlite）。", "Folder of the data, with Sqlite."), "gastrace-data"), "Storage:Folder"),
        (Text("--address", Language.Of("监听的 IP 地址。", "IP address to listen on."), "127.0.0.1"), "Listen:Address"),
        (Text("--port", Language.Of("监听的端口；0 为任一空闲端口。", "Port to listen on; 0 takes a free one."), "5080"), "Listen:Port"),
        (Text("--node", Language.Of("本节点名称；运行中的节点不得重名。", "Name of this node; no two that run share one."), Language.Of("机器名", "the machine's name")), "Node:Name"),
        (Text("--storage", Language.Of("账本的存储：Sqlite 或 SqlServer。", "Where the ledger is kept: Sqlite or SqlServer."), "Sqlite"), "Storage:Kind"),
        (Text("--cards", Language.Of("卡片缓存：InProcess 或 Redis。", "Where cards are cached: InProcess or Redis."), "InProcess"), "Cards:Kind"),
        (Number("--cached-cards", Language.Of("内存中保留的卡片数。", "Cards kept in memory."), LedgerLimits.CachedCardsDefault), "Cards:InMemoryMax"),
        (Number("--queue", Language.Of("可等待写入的请求数。", "Requests that may wait for the writer."), LedgerLimits.QueueUnitsMax), "Writer:QueueUnitsMax"),
        (Number("--cache-mib", Language.Of("数据库页缓存，MiB（Sqlite）。", "Page cache of the database, MiB, with Sqlite."), SqliteOptions.WriterCacheMibDefault), "Storage:CacheMib"),
        (Number("--unflushed-kib", Language.Of("未落盘的卡片最多占用的内存，KiB（Sqlite）。", "What changed cards may take in memory until they are written, KiB, with Sqlite."), SqliteOptions.UnflushedKibDefault), "Storage:UnflushedKib"),
        (Number("--resident-cards-mib", Language.Of("其余卡片最多占用的内存，MiB（Sqlite）；小于 8 则不驻留。", "What cards may take in memory besides, MiB, with Sqlite; with less than 8 none stay there."), SqliteOptions.ResidentCardsMibDefault), "Storage:ResidentCardsMib"),
    ];

    public static Command Create()
    {
        var file = new Option<FileInfo?>("--config") { Description = Language.Of($"设置文件，JSON。[默认：{DefaultFile}，如有]", $"File of settings, JSON. [default: {DefaultFile} where there is one]") };
        var more = new Option<string[]>("--set") { Description = Language.Of("任一设置，如 Storage:DeadlineSeconds=5，可多次给出。", "Any setting, as Storage:DeadlineSeconds=5. May be repeated."), DefaultValueFactory = _ => [] };
        var command = new Command("serve", Language.Of("为终端、企业和监管部门提供服务。设置依次取自文件、环境变量（GASTRACE__STORAGE__KIND）和以下选项。", "Serve terminals, companies and regulators. Settings: file, then environment (GASTRACE__STORAGE__KIND), then these options.")) { file, more };
        foreach (var (option, _) in Shorthands)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            var options = Read(result, Configure(result, result.GetValue(file), result.GetValue(more)!)) with { Console = true };
            await using var node = await GasTraceNode.StartAsync(options, cancellationToken);
            Console.WriteLine(Language.Of($"GasTrace 服务已启动：{node.Address}，数据在 {options.Sqlite?.Folder ?? "SQL Server"}。按 Ctrl+C 停止。", $"GasTrace serves {options.Sqlite?.Folder ?? "SQL Server"} at {node.Address}. Ctrl+C stops it."));
            await node.WaitForShutdownAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    // Who typed an option is told of the option.
    private static GasTraceOptions Read(ParseResult result, IConfiguration configuration)
    {
        try
        {
            return NodeSettings.Read(configuration);
        }
        catch (SettingException error) when (Array.Find(Shorthands, one => IsGiven(result, one.Option) && error.Message.StartsWith($"GasTrace:{one.Setting} ", StringComparison.Ordinal)) is { Option: { } option, Setting: var setting })
        {
            var rest = $"GasTrace:{setting}".Length;
            throw new SettingException(new(option.Name + error.Text.Chinese[rest..], option.Name + error.Text.English[rest..]), error);
        }
    }

    private static IConfiguration Configure(ParseResult result, FileInfo? file, string[] more)
    {
        if (file is { Exists: false })
        {
            throw new FormatException(Language.Of($"--config '{file.FullName}'：没有此文件", $"--config '{file.FullName}': there is no such file"));
        }

        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(file?.FullName ?? Path.GetFullPath(DefaultFile), optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection([.. Given(result), .. more.Select(Parse)])
                .Build();
        }
        catch (InvalidDataException error)
        {
            throw new FormatException(Language.Of($"无法读取 {file?.FullName ?? DefaultFile}：{(error.InnerException ?? error).Message}", $"{file?.FullName ?? DefaultFile} cannot be read: {(error.InnerException ?? error).Message}"), error);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Given(ParseResult result) =>
        from shorthand in Shorthands
        where IsGiven(result, shorthand.Option)
        select KeyValuePair.Create<string, string?>("GasTrace:" + shorthand.Setting, result.GetValue(shorthand.Option));

    private static bool IsGiven(ParseResult result, Option<string> option) => result.GetResult(option) is { Implicit: false };

    private static KeyValuePair<string, string?> Parse(string setting) =>
        setting.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? new("GasTrace:" + setting[..at], setting[(at + 1)..])
            : throw new FormatException(Language.Of($"--set '{setting}'：须为设置及其值，如 Listen:Port=5080", $"--set '{setting}': must be a setting and its value, as Listen:Port=5080"));

    private static Option<string> Number(string name, string description, int otherwise) => Text(name, description, otherwise.ToString(CultureInfo.InvariantCulture));

    private static Option<string> Text(string name, string description, string otherwise) => new(name) { Description = description + Language.Of($" [默认：{otherwise}]", $" [default: {otherwise}]") };
}
