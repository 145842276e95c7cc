using System.Net;
using GasTrace.Cards.Redis;
using GasTrace.Ledger;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.SqlServer;
using GasTrace.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace GasTrace.Server.Settings;

/// <summary>Where the ledger is kept.</summary>
public enum StorageKind
{
    /// <summary>In files of this process.</summary>
    Sqlite,

    /// <summary>In a database that any number of nodes share.</summary>
    SqlServer,
}

/// <summary>Where cards are cached.</summary>
public enum CardsKind
{
    /// <summary>In each process.</summary>
    InProcess,

    /// <summary>In each process, and in a Redis that the nodes share.</summary>
    Redis,
}

/// <summary>
/// A node's settings, all under <c>GasTrace</c>, from <c>appsettings.json</c>, then the environment
/// (<c>GASTRACE__STORAGE__KIND</c>), then the command line; checked before anything is opened.
/// </summary>
public static class NodeSettings
{
    /// <summary>Reads the settings of a node.</summary>
    /// <exception cref="SettingException">A setting is wrong: which, and what it must be.</exception>
    public static GasTraceOptions Read(IConfiguration configuration)
    {
        var settings = new SettingsReader(configuration);
        var options = new GasTraceOptions
        {
            NodeName = settings.Text("Node:Name", Environment.MachineName),
            Address = IPAddress.TryParse(settings.Text("Listen:Address", "127.0.0.1"), out var address)
                ? address
                : throw SettingsReader.Wrong("Listen:Address", settings.Text("Listen:Address", string.Empty), new("须为 IP 地址", "must be an IP address")),
            Port = settings.Number("Listen:Port", 5080, 0, 65_535),
            CachedCardsMax = settings.Number("Cards:InMemoryMax", LedgerLimits.CachedCardsDefault, 1_000, 50_000_000),
            QueueUnitsMax = settings.Number("Writer:QueueUnitsMax", LedgerLimits.QueueUnitsMax, 16, 1_000_000),
            SweepInterval = TimeSpan.FromSeconds(settings.Number("Permits:SweepSeconds", 5, 1, 3_600)),
            WriteDeadline = TimeSpan.FromSeconds(settings.Number("Streams:WriteDeadlineSeconds", 60, 1, 3_600)),
            TailInterval = TimeSpan.FromMilliseconds(settings.Number("Nodes:TailMilliseconds", 250, 10, 60_000)),
            LeaseTerm = TimeSpan.FromSeconds(settings.Number("Nodes:LeaseSeconds", 6, 1, 600)),
            MasterKey = ReadMasterKey(settings),
        };
        options = settings.Choice("Storage:Kind", StorageKind.Sqlite) == StorageKind.Sqlite ? WithSqlite(options, settings) : WithSqlServer(options, settings);
        if (settings.Choice("Cards:Kind", CardsKind.InProcess) == CardsKind.Redis)
        {
            options = options with { Redis = ReadRedis(settings) };
        }

        settings.RefuseUnknown();
        return options;
    }

    private static GasTraceOptions WithSqlite(GasTraceOptions options, SettingsReader settings) => options with
    {
        Sqlite = new SqliteOptions(Path.GetFullPath(settings.Text("Storage:Folder", "gastrace-data")))
        {
            WriterCacheMib = settings.Number("Storage:CacheMib", SqliteOptions.WriterCacheMibDefault, 8, 1_000_000),
            UnflushedBytesMax = settings.Number("Storage:UnflushedKib", SqliteOptions.UnflushedKibDefault, 16, 10_000_000) * 1_024L,
            ResidentCardsMib = settings.Number("Storage:ResidentCardsMib", SqliteOptions.ResidentCardsMibDefault, 0, 1_000_000),
        },
    };

    private static GasTraceOptions WithSqlServer(GasTraceOptions options, SettingsReader settings) => options with
    {
        SqlServer = new SqlServerOptions(settings.RequiredSecret("Storage:ConnectionString"))
        {
            Deadline = TimeSpan.FromSeconds(settings.Number("Storage:DeadlineSeconds", 5, 1, 60)),
        },
        MasterKey = options.MasterKey
            ?? throw new SettingException(new(
                $"用 SqlServer 时 {SettingsReader.Root}:Permits:MasterKey 或 {SettingsReader.Root}:Permits:MasterKeyFile 必填：各节点用同一密钥签发许可",
                $"{SettingsReader.Root}:Permits:MasterKey or {SettingsReader.Root}:Permits:MasterKeyFile must be given with SqlServer: all nodes sign permits with one key")),
    };

    private static RedisOptions ReadRedis(SettingsReader settings) => new(settings.RequiredSecret("Cards:Redis:Configuration"))
    {
        Prefix = settings.Text("Cards:Redis:Prefix", "gastrace:"),
        Expiry = TimeSpan.FromSeconds(settings.Number("Cards:Redis:ExpirySeconds", 3_600, 1, 30 * 86_400)),
        Timeout = TimeSpan.FromMilliseconds(settings.Number("Cards:Redis:TimeoutMilliseconds", 100, 10, 10_000)),
        BreakDuration = TimeSpan.FromMilliseconds(settings.Number("Cards:Redis:BreakMilliseconds", 2_000, 500, 600_000)),
        CertificateAuthorityFile = settings.Text("Cards:Redis:CertificateAuthorityFile", string.Empty),
    };

    private static byte[]? ReadMasterKey(SettingsReader settings)
    {
        var text = settings.Secret("Permits:MasterKey");
        if (text.Length == 0)
        {
            return null;
        }

        var key = new byte[MasterKey.Bytes];
        return Convert.TryFromBase64String(text, key, out var bytes) && bytes == MasterKey.Bytes
            ? key
            : throw new SettingException(new(
                $"{SettingsReader.Root}:Permits:MasterKey：须为 {MasterKey.Bytes} 字节的 base64，如 'openssl rand -base64 {MasterKey.Bytes}' 所生成",
                $"{SettingsReader.Root}:Permits:MasterKey: must be {MasterKey.Bytes} bytes in base64, as 'openssl rand -base64 {MasterKey.Bytes}' makes them"));
    }
}
