using System.Diagnostics;
using GasTrace.TestServers;
using Microsoft.Data.Sqlite;

namespace GasTrace.EndToEnd;

public sealed class ToolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-e2e-");

    private static string Golden => Path.Combine(ToolProcess.Repository, "tests", "golden");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_golden_day_agrees_in_full()
    {
        var (exitCode, output, error) = await ToolProcess.RunAsync("rehearse", Golden, "--today", "2026-11-23");
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.EndsWith("500 agreed, 0 differed", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_that_differs_says_where_and_fails()
    {
        CopyGolden();
        var actions = Path.Combine(folder.FullName, "动作.csv");
        var lines = File.ReadAllLines(actions);
        lines[1] = lines[1].Replace("许可", "拒绝", StringComparison.Ordinal);
        File.WriteAllLines(actions, [.. lines, "点火,900,T0101,G1,P010,B010,x,合格,许可,,,,", "完成,,,,,,,,已记录,,999,4805,合格", "完成,,,,,,,,已记录,,1,很重,合格"]);
        var (exitCode, output, _) = await ToolProcess.RunAsync("rehearse", folder.FullName, "--today", "2026-11-23", "--json");
        Assert.Equal(1, exitCode);
        Assert.Contains("\"agreed\":499,\"differed\":4", output, StringComparison.Ordinal);
        Assert.Contains("3201151NGJ3PLYJD", output, StringComparison.Ordinal);
        Assert.Contains("动作 '点火': must be 扫码, 完成 or 放弃", output, StringComparison.Ordinal);
        Assert.Contains("引用 '999': names no scan before it", output, StringComparison.Ordinal);
        Assert.Contains("毛重_g '很重': must be a whole number", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_a_register_that_break_a_rule_are_told_and_the_others_go_in()
    {
        CopyGolden();
        const string Scrapped = "320102DK79P9G8XN";
        Append("黑名单.csv", $"气瓶,{Scrapped},流出", $"气瓶,{Scrapped},重复", "气瓶,320102FSE7L0TA04,未登记", "车辆,苏A00000,不是气瓶");
        Append("充装站.csv", "S05,五站,五燃气,320102,TS5,LPG,2028-05-16,关门");
        Append("托管.csv", "五燃气,S05");
        Append("气源批次.csv", "B050,S05,LPG,Q1,不是日期,合格");
        foreach (var table in Directory.GetFiles(folder.FullName))
        {
            // As spreadsheets leave them.
            Append(table, ",,,,", string.Empty);
        }

        Append("动作.csv", $"扫码,900,T0101,G1,P010,B010,{Scrapped},合格,拒绝,CYLINDER_BLACKLISTED;CYLINDER_SCRAPPED,,,");
        var (exitCode, output, error) = await ToolProcess.RunAsync("rehearse", folder.FullName, "--today", "2026-11-23");
        Assert.Equal(0, exitCode);
        Assert.EndsWith("501 agreed, 0 differed", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(
            ["充装站.csv, line 6,", "气源批次.csv, line 10,", "托管.csv, line 3,", "黑名单.csv, line 11,", "黑名单.csv, line 12,", "黑名单.csv, line 13,"],
            error.TrimEnd().Split('\n').Select(line => line[..(line.IndexOf(", did", StringComparison.Ordinal) + 1)]));
        Assert.Contains("状态 '关门': must be 正常, 暂停 or 撤销", error, StringComparison.Ordinal);
        Assert.Contains("有效期止 '不是日期': must be a date", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readmes_demo_runs_as_written_and_its_books_balance()
    {
        var line = File.ReadLines(Path.Combine(ToolProcess.Repository, "README.md")).Single(candidate => candidate.EndsWith("-- demo", StringComparison.Ordinal));
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { WorkingDirectory = ToolProcess.Repository, RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C.UTF-8" } })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("saw every entry: yes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_speaks_Chinese_where_the_system_does()
    {
        const string Chinese = "zh_CN.UTF-8";
        Assert.Contains("询问气瓶可否充装", (await ToolProcess.RunInAsync(Chinese, "scan", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("须为 http 或 https 地址", (await ToolProcess.RunInAsync(Chinese, "health", "--server", "ftp://x")).Error, StringComparison.Ordinal);

        using var server = await ToolProcess.ServeAsync("--data", folder.FullName);
        var (exitCode, _, error) = await ToolProcess.RunInAsync(Chinese, "show", "station", "S09", "--server", server.Address);
        Assert.Equal((1, "NotFound (NOT_FOUND): station_id 'S09'：查无此充装站"), (exitCode, error.TrimEnd()));
        (_, _, error) = await ToolProcess.RunInAsync(Chinese, "fill", "P1", "--terminal", "T 1 ", "--gun", "G1", "--gross-g", "1", "--server", server.Address);
        Assert.Equal("InvalidArgument (FIELD_INVALID): terminal_id: 'T 1 ' 首尾不得有空白", error.TrimEnd());
        (_, _, error) = await ToolProcess.RunAsync("show", "station", "S09", "--server", server.Address);
        Assert.Equal("NotFound (NOT_FOUND): station_id 'S09': no such station is registered", error.TrimEnd());

        (exitCode, _, error) = await ToolProcess.RunInAsync(Chinese, "serve", "--data", folder.FullName, "--port", "0");
        Assert.Equal(2, exitCode);
        Assert.Contains($"数据目录 '{folder.FullName}' 正由另一 GasTrace 进程使用", error, StringComparison.Ordinal);
        (_, _, error) = await ToolProcess.RunInAsync(Chinese, "serve", "--data", folder.FullName, "--port", "99999");
        Assert.Equal("--port '99999'：须在 0 至 65535 之间", error.TrimEnd());
        (_, _, error) = await ToolProcess.RunInAsync(Chinese, "serve", "--data", folder.FullName, "--set", "Storage:Fodler=x");
        Assert.Equal("GasTrace:Storage:Fodler：没有此设置", error.TrimEnd());
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_told_so_and_exits_with_2()
    {
        using var first = await ToolProcess.ServeAsync("--data", folder.FullName);
        var (exitCode, _, error) = await ToolProcess.RunAsync("serve", "--data", folder.FullName, "--port", "0");
        Assert.Equal(2, exitCode);
        Assert.Contains("in use by another GasTrace process", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task A_damaged_database_is_reported_and_not_overwritten()
    {
        var path = Path.Combine(folder.FullName, "ledger.db");
        File.WriteAllText(path, "not a database");
        var (exitCode, _, error) = await ToolProcess.RunAsync("serve", "--data", folder.FullName, "--port", "0");
        Assert.Equal(2, exitCode);
        Assert.Contains("Nothing was changed", error, StringComparison.Ordinal);
        Assert.Equal("not a database", File.ReadAllText(path));
    }

    [Fact]
    public async Task Tables_that_are_ahead_of_a_restored_ledger_are_reported_and_rebuilt()
    {
        var copy = Path.Combine(folder.FullName, "copy");
        var data = Path.Combine(folder.FullName, "data");
        using (var server = await ToolProcess.ServeAsync("--data", data))
        {
            Assert.Equal(0, (await ToolProcess.RunAsync("backup", "--data", data, "--to", copy)).ExitCode);
            var scan = await ToolProcess.RunAsync("scan", "ABC", "--terminal", "T9", "--gun", "G1", "--operator", "P1", "--gas-batch", "B1", "--server", server.Address);
            Assert.Equal(1, scan.ExitCode);
            var statistics = string.Empty;
            while (!statistics.Contains("\"counted_up_to\": \"1\"", StringComparison.Ordinal))
            {
                statistics = (await ToolProcess.RunAsync("show", "statistics", "--server", server.Address, "--json")).Output;
            }

            Assert.Equal(0, await server.StopAsync());
        }

        File.Move(Path.Combine(copy, "ledger.db"), Path.Combine(data, "ledger.db"), overwrite: true);
        File.Move(Path.Combine(copy, "cards.db"), Path.Combine(data, "cards.db"), overwrite: true);
        var refused = await ToolProcess.RunAsync("serve", "--data", data, "--port", "0");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("gastrace rebuild", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await ToolProcess.RunAsync("rebuild", "--data", data)).ExitCode);
        using var again = await ToolProcess.ServeAsync("--data", data);
    }

    [Theory]
    [InlineData("serve --port 99999", "--port")]
    [InlineData("serve --address nowhere", "--address")]
    [InlineData("show planet earth", "planet")]
    [InlineData("demo --seconds 0", "--seconds")]
    [InlineData("rehearse /nowhere --today 2026-11-23", "/nowhere")]
    [InlineData("rehearse . --today yesterday", "--today")]
    [InlineData("follow --server ftp://x", "--server")]
    [InlineData("show station S1 --server http://127.0.0.1:1", "Unavailable")]
    public async Task Wrong_arguments_are_named_and_exit_with_2(string arguments, string named)
    {
        var (exitCode, _, error) = await ToolProcess.RunAsync(arguments.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tools_commands_work_together_on_a_register_of_ones_own()
    {
        var data = Path.Combine(folder.FullName, "data");
        var table = Path.Combine(folder.FullName, "气瓶.csv");
        var rows = File.ReadAllBytes(Path.Combine(Golden, "气瓶.csv"));
        File.WriteAllBytes(table, [.. rows, .. "320102E3S3E28JTB,SDHL,1,bad-date,YSP12,LPG,12000,7000,U,X,,,,,,\n"u8, .. "320102E3S3E28JTB,SDHL,1,2024-01-01,YSP12,LPG,12000,7000,U,X,,,,,,\n"u8, .. "320102FSE7L0TA04,SDHL,2,2024-01-01,YSP12,LPG,12000,7000,U,X,,,,,OUT_OF_USE,\n"u8]);
        using (var server = await ToolProcess.ServeAsync("--data", data))
        {
            var import = await ToolProcess.RunAsync("import", table, "--server", server.Address, "--json");
            Assert.Equal(1, import.ExitCode);
            Assert.Contains("\"registered\":301", import.Output, StringComparison.Ordinal);
            Assert.Contains("\"line\":302,\"column\":\"制造日期\"", import.Output, StringComparison.Ordinal);
            Assert.Contains("\"line\":303,\"column\":\"瓶码\"", import.Output, StringComparison.Ordinal);
            var show = await ToolProcess.RunAsync("show", "cylinder", "320102E3S3E28JTA", "--server", server.Address, "--json");
            Assert.Contains("金陵液化气", show.Output, StringComparison.Ordinal);
            var scan = await ToolProcess.RunAsync("scan", "320102E3S3E28JTA", "--terminal", "T9", "--gun", "G1", "--operator", "P1", "--gas-batch", "B1", "--server", server.Address);
            Assert.Equal(1, scan.ExitCode);
            Assert.Contains("608", scan.Output, StringComparison.Ordinal);
            var lost = await ToolProcess.RunAsync("scan", "320102FSE7L0TA04", "--terminal", "T9", "--gun", "G1", "--operator", "P1", "--gas-batch", "B1", "--server", server.Address);
            Assert.Contains("210", lost.Output, StringComparison.Ordinal);
            var history = await ToolProcess.RunAsync("history", "320102E3S3E28JTA", "--server", server.Address);
            Assert.Contains("cylinder_registered", history.Output, StringComparison.Ordinal);
            var follow = await ToolProcess.RunAsync("follow", "--once", "--kind", "scan_refused", "--server", server.Address);
            Assert.Contains("TERMINAL_UNREGISTERED", follow.Output, StringComparison.Ordinal);
            var backup = await ToolProcess.RunAsync("backup", "--data", data, "--to", Path.Combine(folder.FullName, "copy"));
            Assert.Contains("303 entries", backup.Output, StringComparison.Ordinal);
            Assert.Equal(0, await server.StopAsync());
        }

        var kept = Tables(data);
        var rebuild = await ToolProcess.RunAsync("rebuild", "--data", data);
        Assert.Contains("303 entries projected", rebuild.Output, StringComparison.Ordinal);
        Assert.Equal(kept, Tables(data));
    }

    [Fact]
    public async Task A_register_of_other_cylinders_than_those_for_lpg_is_imported_with_all_that_it_knows()
    {
        var table = Path.Combine(folder.FullName, "registered.csv");
        await File.WriteAllLinesAsync(table,
        [
            "code,maker,serial_number,manufactured_on,model,gas,kind,water_capacity_ml,unit_id,certificate_number,last_inspected_on,inspection_result,inspection_body_id,inspection_due_on,service_life_ends_on,purge_required,corrosive_environment,stamped_number,rfid,colour",
            "320102E3S3E28JTA,JSGB,1,2020-05-01,ISO9809,ar-co2,welded,40000,U1,A1,2024-05-20,PASSED,J1,2027-05,2040/5,1,是,ab 77,3074257bf7194e4000001a85,grey",
            "320102FSE7L0TA04,JSGB,2,2020-05-01,ISO9809,O2,wood,40000,U1,A2,,,,,,,,,,",
            "320583VLXXPKFBFZ,JSGB,3,2020-05-01,ISO9809,O2,,40000,U1,A3,,,,2027-13,,,,,,",
        ]);
        using var server = await ToolProcess.ServeAsync("--data", Path.Combine(folder.FullName, "data"));
        var import = await ToolProcess.RunAsync("import", table, "--server", server.Address, "--json");
        Assert.Contains("\"registered\":1", import.Output, StringComparison.Ordinal);
        Assert.Contains("\"line\":3,\"column\":\"瓶种\"", import.Output, StringComparison.Ordinal);
        Assert.Contains("\"line\":4,\"column\":\"inspection_due_on\"", import.Output, StringComparison.Ordinal);
        Assert.Contains("a date or a month", import.Output, StringComparison.Ordinal);
        Assert.Contains("ignored: colour", import.Error, StringComparison.Ordinal);
        var shown = (await ToolProcess.RunAsync("show", "cylinder", "AB 77", "--server", server.Address, "--json")).Output;
        foreach (var known in (string[])["AR-CO2", "CYLINDER_KIND_WELDED", "\"inspection_due_precision\": \"DATE_PRECISION_MONTH\"", "\"service_life_precision\": \"DATE_PRECISION_MONTH\"", "3074257BF7194E4000001A85", "\"purge_required\": true", "\"corrosive_environment\": true", "\"J1\""])
        {
            Assert.Contains(known, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_table_as_spreadsheets_write_it_is_imported()
    {
        var table = Path.Combine(folder.FullName, "exported.csv");
        await File.WriteAllLinesAsync(table,
        [
            "瓶码,制造单位,出厂编号,制造日期,型号,充装介质,容积_mL,皮重_g,产权单位,使用登记证号,上次检验日期,检验结论,下次检验日期,状态,翻新,未置换,电子标签",
            "320102E3S3E28JTA,JSGB,1,2020年5月1日,YSP35.5,lpg,35500,16500,U1,A1,2024.5.20,passed,2028年5月,in_use,FALSE,TRUE,",
            "320102FSE7L0TA04,JSGB,2,2020-5-1,YSP35.5,LPG,35500,16500,U1,A2,2024/5/20,合格,2028.5,在用,no,Yes,E1",
            "320583VLXXPKFBFZ,JSGB,3,2020-05-01,YSP35.5,LPG,35500,16500,U1,A3,,,,在用,maybe,,",
            "320102E3S3E28JTA,JSGB,4,2020-05-01,YSP35.5,LPG,35500,16500,U1,A4,,,,在用,,,",
        ]);
        using var server = await ToolProcess.ServeAsync("--data", Path.Combine(folder.FullName, "data"));
        var import = await ToolProcess.RunAsync("import", table, "--server", server.Address, "--json");
        Assert.Contains("\"registered\":2", import.Output, StringComparison.Ordinal);
        Assert.Contains("\"line\":4,\"column\":\"翻新\"", import.Output, StringComparison.Ordinal);
        Assert.Contains("\"line\":5,\"column\":\"瓶码\"", import.Output, StringComparison.Ordinal);
        foreach (var code in (string[])["320102E3S3E28JTA", "320102FSE7L0TA04"])
        {
            var shown = (await ToolProcess.RunAsync("show", "cylinder", code, "--server", server.Address, "--json")).Output;
            Assert.Contains("\"inspection_due_precision\": \"DATE_PRECISION_MONTH\"", shown, StringComparison.Ordinal);
            Assert.Contains("\"purge_required\": true", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\"refurbished\": true", shown, StringComparison.Ordinal);
        }

        // Several columns are one field of the contract: an alias that another bears names them all.
        var second = Path.Combine(folder.FullName, "second.csv");
        await File.WriteAllLinesAsync(second,
        [
            "瓶码,制造单位,出厂编号,制造日期,型号,充装介质,容积_mL,电子标签",
            "320583VLXXPKFBFZ,JSGB,3,2020-05-01,YSP35.5,LPG,35500,E1",
        ]);
        Assert.Contains("\"line\":2,\"column\":\"钢印号/电子标签/使用登记代码\"", (await ToolProcess.RunAsync("import", second, "--server", server.Address, "--json")).Output, StringComparison.Ordinal);
    }

    private void CopyGolden()
    {
        foreach (var file in Directory.GetFiles(Golden))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }
    }

    private void Append(string table, params string[] lines) => File.AppendAllLines(Path.Combine(folder.FullName, table), lines);

    // The tables as text: those rebuilt must equal those kept.
    private static List<string> Tables(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "projections.db")};Pooling=False");
        connection.Open();
        List<string> rows = [];
        foreach (var table in (string[])["projection_position", "entry", "cylinder", "station", "refusal", "station_day", "station_day_reason"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(table + ":" + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
            }
        }

        return rows;
    }
}
