using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.SqlServer;

public sealed class StartTests
{
    [Theory]
    [InlineData("Server=127.0.0.1,1;User Id=sa;Password=secret-word;Encrypt=false;Connect Timeout=1", "Check the server")]
    [InlineData("Sever=127.0.0.1;Password=secret-word", "connection string cannot be used")]
    public async Task A_database_that_cannot_be_used_is_one_line_that_names_the_setting_and_keeps_the_password(string connectionString, string named)
    {
        var error = await Assert.ThrowsAsync<StoreStartException>(() => SqlServerLedgerStore.OpenAsync(new SqlServerOptions(connectionString), default));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("secret-word", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", new SqlServerOptions(connectionString).ToString(), StringComparison.Ordinal);
    }
}
