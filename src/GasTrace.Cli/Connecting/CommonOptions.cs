using System.CommandLine;

namespace GasTrace.Cli.Connecting;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = Language.Of("以 JSON 输出结果。", "Print the result as JSON.") };

    public static Option<string> Actor() => new("--actor") { Description = Language.Of("操作人。", "Who signs for it."), DefaultValueFactory = _ => Environment.UserName };

    public static Option<DirectoryInfo> Data() => new("--data") { Description = Language.Of("数据目录。", "Folder of the data."), DefaultValueFactory = _ => new DirectoryInfo("gastrace-data") };

    public static Option<string> RequiredText(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<string> Text(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => string.Empty };

    /// <summary>A new request id, ordered by time so that the server's index stays local.</summary>
    public static string NewRequestId() => Guid.CreateVersion7().ToString("D");
}
