using GasTrace.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace GasTrace.Server.Tests;

/// <summary>Settings are checked before anything is opened, and every complaint names the setting.</summary>
public sealed class SettingsTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void Without_any_setting_a_node_runs_on_the_embedded_store()
    {
        var options = NodeSettings.Read(Configuration());
        Assert.EndsWith("gastrace-data", options.Sqlite!.Folder, StringComparison.Ordinal);
        Assert.Null(options.SqlServer);
        Assert.Null(options.Redis);
    }

    [Fact]
    public void Store_and_cache_are_chosen_by_one_setting_each()
    {
        var options = NodeSettings.Read(Configuration(
            ("Storage:Kind", "sqlserver"), ("Storage:ConnectionString", "Server=db;Password=s3cret"), ("Permits:MasterKey", Key),
            ("Cards:Kind", "Redis"), ("Cards:Redis:Configuration", "cache:6379,password=s3cret"), ("Cards:Redis:Prefix", "city:"), ("Node:Name", "n1")));
        Assert.Null(options.Sqlite);
        Assert.Equal("Server=db;Password=s3cret", options.SqlServer!.ConnectionString);
        Assert.Equal(("cache:6379,password=s3cret", "city:"), (options.Redis!.Configuration, options.Redis.Prefix));
        Assert.Equal(32, options.MasterKey!.Length);
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:Kind", "Oracle", "must be Sqlite or SqlServer")]
    [InlineData("Storage:Kind", "1", "must be Sqlite or SqlServer")]
    [InlineData("Cards:Kind", "Memcached", "must be InProcess or Redis")]
    [InlineData("Listen:Port", "70000", "must be 0 to 65535")]
    [InlineData("Listen:Port", "http", "must be 0 to 65535")]
    [InlineData("Listen:Address", "nowhere", "must be an IP address")]
    [InlineData("Nodes:LeaseSeconds", "0", "must be 1 to 600")]
    [InlineData("Permits:MasterKey", "c2hvcnQ=", "must be 32 bytes in base64")]
    [InlineData("Permits:MasterKeyFile", "/no/such/file", "cannot be read")]
    [InlineData("Storage:Knd", "Sqlite", "there is no such setting")]
    public void A_wrong_setting_is_named_with_its_rule(string name, string value, string rule)
    {
        var error = Assert.Throws<SettingException>(() => NodeSettings.Read(Configuration((name, value))));
        Assert.Contains("GasTrace:" + name, error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:ConnectionString", "Storage:Kind", "SqlServer")]
    [InlineData("Cards:Redis:Configuration", "Cards:Kind", "Redis")]
    public void What_a_choice_needs_must_be_given(string missing, string name, string value)
    {
        var error = Assert.Throws<SettingException>(() => NodeSettings.Read(Configuration((name, value))));
        Assert.Contains($"GasTrace:{missing} or GasTrace:{missing}File must be given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_share_a_store_share_a_master_key_too()
    {
        var error = Assert.Throws<SettingException>(() => NodeSettings.Read(Configuration(("Storage:Kind", "SqlServer"), ("Storage:ConnectionString", "x"))));
        Assert.Contains("GasTrace:Permits:MasterKey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_read_from_a_file_and_not_given_twice()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Key + "\n");
            Assert.Equal(31, NodeSettings.Read(Configuration(("Permits:MasterKeyFile", file))).MasterKey![31]);
            var error = Assert.Throws<SettingException>(() => NodeSettings.Read(Configuration(("Permits:MasterKeyFile", file), ("Permits:MasterKey", Key))));
            Assert.Contains("both given", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create<string, string?>("GasTrace:" + one.Name, one.Value))).Build();
}
