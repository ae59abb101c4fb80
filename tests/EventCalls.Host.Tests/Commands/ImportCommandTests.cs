using System.Text.Json;
using EventCalls.Host.Commands;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

public class ImportCommandTests
{
    private const string Table = "started_at,caller,callee,target,outcome\n2026-01-31T13:00:00Z,1,2,4100,busy\n2026-01-31,3,4,4100,busy\n";

    [Fact]
    public async Task It_imports_captures_and_tables_and_the_calls_can_be_listed_and_shown()
    {
        await using var run = new CommandRun();
        await File.WriteAllBytesAsync(Path.Combine(run.Folder, "a.pcap"), new WireCall(CaptureBytes.Pcap()).Simple().Bytes);
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "b.csv"), Table);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", Path.Combine(run.Folder, "a.pcap"), Path.Combine(run.Folder, "b.csv"), "--trunk", "old"));
        Assert.Contains("2 stored", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 busy", run.Out, StringComparison.Ordinal);
        Assert.Contains("b.csv, line 3, column started_at", run.Error, StringComparison.Ordinal);
        run.Forget();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--trunk", "old", "--json"));
        Assert.Equal(2, run.OutLines.Length);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", "a@carrier"));
        Assert.Contains("node import:a.pcap", run.Out, StringComparison.Ordinal);
        Assert.Contains("imported from a.pcap", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_record_does_not_say_is_not_drawn()
    {
        await using var run = new CommandRun();
        string path = Path.Combine(run.Folder, "b.csv");
        await File.WriteAllTextAsync(path, "started_at,caller,callee,target,outcome,call_id\n2026-01-31T13:00:00Z,1,2,4100,BUSY,x\n");
        await run.RunAsync("import", path);
        run.Forget();
        await run.RunAsync("calls", "show", "x");

        Assert.Contains("handoff by us, as it was seen", run.Out, StringComparison.Ordinal);
        Assert.Contains("transfer failed, busy: the record says busy: BUSY", run.Out, StringComparison.Ordinal);
        Assert.Contains("how it ended was not seen", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("BYE", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("from  ()", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_JSON_is_one_object_with_what_was_read_stored_and_not_right()
    {
        await using var run = new CommandRun();
        string path = Path.Combine(run.Folder, "b.csv");
        await File.WriteAllTextAsync(path, Table);
        await run.RunAsync("import", path, "--json");

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        var root = json.RootElement;
        Assert.Equal(
            ["files", "packets", "messages", "rows", "calls", "imported", "alreadyThere", "unassignedLegs", "transfers", "dryRun", "store", "problemCount", "problems"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal((2, 1, 1, 0), (root.GetProperty("rows").GetInt32(), root.GetProperty("calls").GetInt32(), root.GetProperty("imported").GetInt32(), root.GetProperty("alreadyThere").GetInt32()));
        Assert.Equal(1, root.GetProperty("transfers").GetProperty("busy").GetInt32());
        var problem = Assert.Single(root.GetProperty("problems").EnumerateArray());
        Assert.Equal(["file", "at", "message"], problem.EnumerateObject().Select(p => p.Name));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_dry_run_makes_no_store_and_says_what_would_be_new()
    {
        await using var run = new CommandRun();
        string path = Path.Combine(run.Folder, "a.pcap");
        await File.WriteAllBytesAsync(path, new WireCall(CaptureBytes.Pcap()).Simple().Bytes);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", path, "--dry-run"));
        Assert.Contains("1 would be stored", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(run.Database));
        await run.RunAsync("import", path);
        run.Forget();
        await run.RunAsync("import", path, "--dry-run");
        Assert.Contains("0 would be stored, 1 was there already", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_1_when_nothing_could_be_read()
    {
        await using var run = new CommandRun();
        string path = Path.Combine(run.Folder, "a.bin");
        await File.WriteAllBytesAsync(path, [0, 0, 0, 0]);

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("import", path));
        Assert.Contains("no capture", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no file", "nowhere.pcap")]
    [InlineData("is a folder", ".")]
    [InlineData("--our is 'x'", "a.pcap", "--our", "x")]
    [InlineData("--map is 'src'", "a.pcap", "--map", "src")]
    [InlineData("'colour' is no field", "a.pcap", "--map", "src=colour")]
    [InlineData("--delimiter is 'xy'", "a.pcap", "--delimiter", "xy")]
    [InlineData("--time-format is 'dd.MM.yyyy'", "a.pcap", "--time-format", "dd.MM.yyyy")]
    [InlineData("--time-zone is 'Mars'", "a.pcap", "--time-zone", "Mars")]
    public async Task Bad_usage_names_the_argument_and_its_value(string expected, params string[] arguments)
    {
        await using var run = new CommandRun();
        arguments[0] = Path.Combine(run.Folder, arguments[0]);
        if (expected[0] == '-' || expected[0] == '\'')
            await File.WriteAllBytesAsync(arguments[0], [1]);

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync(["import", .. arguments]));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_3_when_the_store_cannot_be_reached()
    {
        await using var run = new CommandRun();
        string path = Path.Combine(run.Folder, "a.pcap");
        await File.WriteAllBytesAsync(path, new WireCall(CaptureBytes.Pcap()).Simple().Bytes);
        run.Configure("Store:Postgres", "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("import", path));
    }
}
