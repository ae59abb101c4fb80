using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EventCalls.Host.Commands;
using EventCalls.Store;

namespace EventCalls.Host.Tests.Commands;

public class DoctorCommandTests
{
    [Fact]
    public async Task What_is_well_is_said_and_a_store_that_is_not_there_yet_is_no_failure()
    {
        await using var run = Free();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("doctor"));

        Assert.StartsWith("ok       configuration  node ", run.OutLines[0], StringComparison.Ordinal);
        Assert.Contains("ok       sip            udp:127.0.0.1:0: takes a free port.", run.OutLines);
        Assert.Contains("ok       bus            In memory: all roles run in one process.", run.OutLines);
        Assert.Contains(run.OutLines, line => line.StartsWith("warning  store          SQLite ", StringComparison.Ordinal));
        Assert.Contains(run.OutLines, line => line.StartsWith("warning  trunks         No trunk is configured", StringComparison.Ordinal));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_who_has_it()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var run = WithLogic();
        run.Configure("Sip:Listen:0", $"udp:127.0.0.1:{port}");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        var finding = Finding(run, "sip");
        Assert.Equal("failed", finding.GetProperty("status").GetString());
        Assert.Contains($"process {Environment.ProcessId}.", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("End that process, or name another port in EventCalls:Sip:Listen.", finding.GetProperty("advice").GetString());
    }

    [Fact]
    public async Task A_TCP_port_that_is_taken_is_told_too()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var run = WithLogic();
        run.Configure("Sip:Listen:0", $"tcp:{taken.LocalEndpoint}");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        Assert.Contains($"process {Environment.ProcessId}.", Finding(run, "sip").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_the_machine_has_not_is_told()
    {
        await using var run = WithLogic();
        run.Configure("Sip:Listen:0", "udp:192.0.2.99:5060");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        Assert.Equal("udp:192.0.2.99:5060: this machine has no such address.", Finding(run, "sip").GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_waits_in_the_spool_is_told()
    {
        await using var run = Free();
        string folder = Path.Combine(run.Folder, "waiting");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "1.spool"), new byte[1024 * 1024]);
        run.Configure("Store:Spool", folder);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("doctor", "--json"));

        Assert.Equal(
            $"{folder}: 1 files of together 1.0 MiB, sent by the service that runs or the next one.", Finding(run, "spool").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_spool_that_cannot_be_made_is_told_and_with_a_broker_that_it_can_be_done_without()
    {
        await using var run = Free();
        string file = Path.Combine(run.Folder, "file");
        await File.WriteAllTextAsync(file, "");
        run.Configure("Store:Spool", Path.Combine(file, "spool"));

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("doctor", "--json"));

        string problem = Configuration(run);
        Assert.Contains($"EventCalls:Store:Spool is '{file}/spool'; {file} is a file and no folder; name another", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("WhenBusIsAway", problem, StringComparison.Ordinal);

        run.Configure("Bus:RabbitMq", "amqp://127.0.0.1:9");
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("doctor", "--json"));
        Assert.Contains("or set EventCalls:Routing:WhenBusIsAway to 'default'", Configuration(run), StringComparison.Ordinal);

        static string Configuration(CommandRun run) => string.Join('\n', JsonDocument.Parse(run.OutLines[^1]).RootElement.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("check").GetString() == "configuration").Select(f => f.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_damaged_store_is_told_with_what_to_do()
    {
        await using var run = Free();
        await run.StoreAsync(RecordedCalls.Referred());
        await using (var file = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={run.Database};Pooling=False"))
        {
            await file.OpenAsync();
            await using var command = file.CreateCommand();
            command.CommandText = "update events set data = 'x' where position = 2";
            await command.ExecuteNonQueryAsync();
        }

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("doctor", "--json"));

        var finding = Findings(run, "store").Single(f => f.GetProperty("status").GetString() == "failed");
        Assert.EndsWith(" is no JSON.", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(".recover", finding.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        await using var run = Free();
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "small")).FullName;
        if (!Environment.IsPrivilegedProcess || await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) != 0)
            return;
        try
        {
            run.Configure("Store:Sqlite", Path.Combine(folder, "calls.db"));
            await using (var store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(folder, "calls.db") }))
                await store.MigrateAsync(default);
            await using (var rest = File.Create(Path.Combine(folder, "rest")))
                FillUp(rest);

            Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

            Assert.Contains(Findings(run, "store"), f => f.GetProperty("message").GetString()!.Contains("the disk is full", StringComparison.Ordinal));
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", folder));
        }
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_and_its_password_is_not()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var run = Free();
        run.Configure("Bus:RabbitMq", $"amqp://guest:secret@127.0.0.1:{port}");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        var finding = Finding(run, "bus");
        Assert.StartsWith($"RabbitMQ at 127.0.0.1:{port}/ cannot be reached: ", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("Start the broker, or name the right one in EventCalls:Bus:RabbitMq.", finding.GetProperty("advice").GetString());
        Assert.DoesNotContain("secret", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told()
    {
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", "Host=127.0.0.1;Port=1;Username=eventcalls;Password=secret;Database=calls");
        run.Configure("Routing:Logic", Path.Combine(AppContext.BaseDirectory, "routing"));
        run.Configure("Sip:Listen:0", "udp:127.0.0.1:0");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        Assert.Contains("PostgreSQL 127.0.0.1:1/calls", Finding(run, "store").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_in_use_is_told()
    {
        await using var run = Free();
        await run.StoreAsync(RecordedCalls.Referred());

        await run.RunAsync("doctor", "--json");

        Assert.Equal($"SQLite {run.Database}: reachable, with its tables.", Finding(run, "store").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Logic_that_does_not_compile_is_a_failure_of_its_own()
    {
        await using var run = Free();
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "logic")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Broken.cs"), "class Broken");
        run.Configure("Routing:Logic", folder);

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("doctor", "--json"));

        var finding = Finding(run, "logic");
        Assert.Equal("failed", finding.GetProperty("status").GetString());
        Assert.Contains("Broken.cs(1,", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trunk_whose_host_has_no_address_is_told()
    {
        await using var run = Free();
        run.Configure("Trunks:pstn:To:0", "sip:carrier.invalid:5060");

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--json"));

        Assert.StartsWith("pstn: no server of sip:carrier.invalid:5060 was found (carrier.invalid: A: ", Finding(run, "trunk").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_wrong_is_told_alone()
    {
        await using var run = new CommandRun();
        run.Configure("Bad", "1");

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("doctor", "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(["ok", "findings"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray().ToArray());
        Assert.Equal(["check", "status", "message", "advice"], finding.EnumerateObject().Select(p => p.Name));
        Assert.Contains("EventCalls:Bad", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_the_roles_need_is_looked_at()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var run = new CommandRun();
        run.Configure("Sip:Listen:0", $"udp:{taken.LocalEndPoint}");
        run.Configure("Bus:RabbitMq", "amqp://127.0.0.1:1");

        // Only the broker is missing: a recorder has no logic and no SIP port, an ingress no logic and no store.
        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("doctor", "--roles", "recorder", "--json"));
        Assert.Equal(["configuration", "bus", "store"], Checks(run));
        run.Forget();
        await run.RunAsync("doctor", "--roles", "ingress", "--json");
        Assert.Equal(["configuration", "sip", "trunks", "bus"], Checks(run));
        run.Forget();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("doctor", "--roles", "router", "--json"));
        Assert.Equal(["configuration", "configuration", "bus"], Checks(run));
        run.Forget();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("doctor", "--roles", "singer", "--json"));
    }

    private static IEnumerable<string?> Checks(CommandRun run)
    {
        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        return [.. json.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("check").GetString())];
    }

    private static void FillUp(FileStream file)
    {
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // That is what was wanted.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static CommandRun WithLogic()
    {
        var run = new CommandRun();
        run.Configure("Routing:Logic", Path.Combine(AppContext.BaseDirectory, "routing"));
        return run;
    }

    private static CommandRun Free()
    {
        var run = WithLogic();
        run.Configure("Sip:Listen:0", "udp:127.0.0.1:0");
        return run;
    }

    private static JsonElement Finding(CommandRun run, string check) => Findings(run, check)[0];

    private static List<JsonElement> Findings(CommandRun run, string check)
    {
        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        return [.. json.RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("check").GetString() == check).Select(f => f.Clone())];
    }
}
