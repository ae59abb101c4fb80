using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventCalls.Bus.Journal;
using EventCalls.Host.Commands;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData]
    [InlineData("--json")]
    public async Task It_says_ready_and_nothing_else_and_ends_with_0_when_it_is_stopped(params string[] more)
    {
        using var stop = new CancellationTokenSource();
        var output = new SignalWriter("ready");
        var run = RunAsync(["run", Logic(), "--EventCalls:Sip:Listen:0=udp:127.0.0.1:0", "--EventCalls:Log:Level=None", .. more], output, stop.Token);

        Assert.Same(output.Seen, await Task.WhenAny(output.Seen, run).WaitAsync(s_patience));
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await run.WaitAsync(s_patience));
        Assert.Equal("ready\n", output.ToString());
        Assert.True(File.Exists(Path.Combine(_folder, "calls.db")));
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_2_and_is_named()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var output = new SignalWriter("ready");

        int exitCode = await RunAsync(
            ["run", Logic(), $"--EventCalls:Sip:Listen:0=udp:{taken.LocalEndPoint}", "--EventCalls:Log:Level=None"], output, default).WaitAsync(s_patience);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.StartsWith("EventCalls:Sip:Listen", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{taken.LocalEndPoint}", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_wrong_configuration_ends_it_with_2_before_anything_is_opened()
    {
        var output = new SignalWriter("ready");

        Assert.Equal(ExitCodes.BadUsage, await RunAsync(["run", "--EventCalls:Calls:Answer=maybe"], output, default).WaitAsync(s_patience));

        Assert.Equal("EventCalls:Calls:Answer is 'maybe'; expected on-handoff or immediately\n", _error.ToString());
        Assert.False(File.Exists(Path.Combine(_folder, "calls.db")));
    }

    [Fact]
    public async Task A_part_that_dies_ends_it_with_1_and_is_named()
    {
        var clock = new JournalBreakingClock();
        var output = new SignalWriter("ready");
        int port = FreePorts.Next();
        var run = CommandLine.RunAsync(
            ["run", Logic(), $"--EventCalls:Sip:Listen:0=udp:127.0.0.1:{port}", "--EventCalls:Log:Level=None"], _folder, output, _error, clock, default);
        Assert.Same(output.Seen, await Task.WhenAny(output.Seen, run).WaitAsync(s_patience));
        clock.IsBroken = true;

        // The next call is the journal's first work.
        using var caller = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await caller.SendAsync(Invite((IPEndPoint)caller.Client.LocalEndPoint!, port), new IPEndPoint(IPAddress.Loopback, port));

        Assert.Equal(ExitCodes.NotSo, await run.WaitAsync(s_patience));
        Assert.Contains("the journal ended: the clock is broken", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_used_ends_the_start_with_2_and_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "taken"), "");
        var output = new SignalWriter("ready");

        Assert.Equal(
            ExitCodes.BadUsage,
            await RunAsync(["run", Logic(), "--EventCalls:Sip:Listen:0=udp:127.0.0.1:0", "--EventCalls:Log:Level=None", "--EventCalls:Store:Spool=taken"], output, default).WaitAsync(s_patience));

        string taken = Path.Combine(_folder, "taken");
        Assert.Contains($"EventCalls:Store:Spool is '{taken}'; {taken} is a file and no folder; name another", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_routing_logic_it_ends_with_2_and_no_sample_decides_calls()
    {
        // The published program has the demo's logic beside it, and people start it there.
        Directory.CreateDirectory(Path.Combine(_folder, "routing"));
        var output = new SignalWriter("ready");

        Assert.Equal(ExitCodes.BadUsage, await RunAsync(["run"], output, default).WaitAsync(s_patience));

        Assert.StartsWith("EventCalls:Routing:Logic is not set; ", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "calls.db")));
    }

    [Fact]
    public async Task It_is_asked_for_its_health_and_says_what_it_is_doing()
    {
        using var stop = new CancellationTokenSource();
        var output = new SignalWriter("ready");
        string socket = $"--EventCalls:Health:Socket={Path.Combine(_folder, "health.sock")}";
        Assert.Equal(ExitCodes.Unreachable, await RunAsync(["health", socket], new StringWriter(), default));
        Assert.Contains("No process answers at ", _error.ToString(), StringComparison.Ordinal);

        var run = RunAsync(["run", Logic(), socket, "--EventCalls:Sip:Listen:0=udp:127.0.0.1:0", "--EventCalls:Log:Level=None"], output, stop.Token);
        Assert.Same(output.Seen, await Task.WhenAny(output.Seen, run).WaitAsync(s_patience));
        var health = new StringWriter();
        Assert.Equal(ExitCodes.Done, await RunAsync(["health", "--json", socket], health, default));
        using var json = JsonDocument.Parse(health.ToString());
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("ready", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(["ingress", "router", "recorder", "console"], json.RootElement.GetProperty("roles").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(["bus", "sip", "logic", "spool", "store"], json.RootElement.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("check").GetString()));

        // Another one does not take the socket of one that runs.
        Assert.Equal(ExitCodes.BadUsage, await RunAsync(["run", Logic(), socket, "--EventCalls:Store:Sqlite=other.db", "--EventCalls:Log:Level=None"], new StringWriter(), default).WaitAsync(s_patience));
        Assert.Contains("another process answers there", _error.ToString(), StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Done, await run.WaitAsync(s_patience));
        Assert.False(File.Exists(Path.Combine(_folder, "health.sock")));
    }

    [Fact]
    public async Task A_router_whose_logic_does_not_compile_runs_and_says_that_it_is_not_well()
    {
        using var stop = new CancellationTokenSource();
        var output = new SignalWriter("ready");
        string socket = $"--EventCalls:Health:Socket={Path.Combine(_folder, "health.sock")}";
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "broken")).FullName, "Broken.cs"), "class Broken");
        var run = RunAsync(["run", "--EventCalls:Routing:Logic=broken", socket, "--EventCalls:Sip:Listen:0=udp:127.0.0.1:0", "--EventCalls:Log:Level=None"], output, stop.Token);
        Assert.Same(output.Seen, await Task.WhenAny(output.Seen, run).WaitAsync(s_patience));

        var health = new StringWriter();
        Assert.Equal(ExitCodes.NotSo, await RunAsync(["health", socket], health, default));
        Assert.Contains("Broken.cs(1,", health.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await RunAsync(["health", "--live", socket], health, default));

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Done, await run.WaitAsync(s_patience));
    }

    private static string Logic() => $"--EventCalls:Routing:Logic={Path.Combine(AppContext.BaseDirectory, "routing")}";

    private Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellationToken) =>
        CommandLine.RunAsync(arguments, _folder, output, _error, TimeProvider.System, cancellationToken);

    private static byte[] Invite(IPEndPoint from, int port) => Encoding.ASCII.GetBytes(
        $"INVITE sip:service@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bKbreaks\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:caller@{from}>;tag=1\r\nTo: <sip:service@127.0.0.1:{port}>\r\nCall-ID: breaks\r\nCSeq: 1 INVITE\r\n"
        + $"Contact: <sip:caller@{from}>\r\nContent-Length: 0\r\n\r\n");

    /// <summary>A clock that fails where the journal reads it.</summary>
    private sealed class JournalBreakingClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() =>
            IsBroken && Environment.StackTrace.Contains(nameof(CallJournal), StringComparison.Ordinal)
                ? throw new InvalidTimeZoneException("the clock is broken")
                : base.GetTimestamp();
    }

    /// <summary>Keeps what is written, and says when a line of it came.</summary>
    private sealed class SignalWriter : StringWriter
    {
        private readonly string _line;
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SignalWriter(string line)
        {
            _line = line;
            NewLine = "\n";
        }

        public Task Seen => _seen.Task;

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            if (value == _line)
                _seen.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
