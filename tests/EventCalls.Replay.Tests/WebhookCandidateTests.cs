using System.Net;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Webhook;
using EventCalls.Store;

namespace EventCalls.Replay.Tests;

/// <summary>Past calls decided again by a web service: Python's, of its standard library.</summary>
public sealed class WebhookCandidateTests : IAsyncLifetime
{
    private const string Logic = """
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["branch"] = conv.Lookup("branch", conv.CalleeNumber);
                return Handoff.Invite("+12222222", outboundEndpoint: "pstn").Because("first");
            }

            public override Decision TransferFailed(Conversation conv) => Handoff.Reject(conv.LastTransfer!.Outcome == TransferOutcome.Busy ? 486 : 480);
        }
        """;

    // The same, with what the recorded decision had looked up.
    private const string Start = """
        assert conv.posted["replay"] is True
        lookups = {(a["name"], a["key"]): a["value"] for a in conv.posted["lookups"]}
        conv.state.branch = lookups[("branch", conv.callee_number)]
        return {"handoff": {"reason": "first", "invite": {"phone_number": "TARGET", "outbound_endpoint": "pstn"}}, "flow": "start"}
        """;

    private const string Failed = """return {"handoff": {"reject": {"status": 486 if conv.last_transfer["outcome"] == "busy" else 480}}}""";

    private static readonly LookupTables s_tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>
    {
        ["branch"] = new Dictionary<string, string?> { ["+15559999"] = "north" },
    });

    private readonly PythonService _python = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _python.DisposeAsync();

    [Fact]
    public async Task A_service_that_decides_as_the_logic_did_comes_out_the_same_also_after_a_failed_handoff()
    {
        var url = await _python.With("start_function", Start.Replace("TARGET", "+12222222", StringComparison.Ordinal)).With("transfer_failed", Failed).StartAsync();
        var past = Past();

        var calls = await ReplayAsync(url, [past.Call(), past.Call(failures: TransferOutcome.Busy), past.Call(failures: TransferOutcome.NoAnswer)]);

        Assert.All(calls, call => Assert.Equal((Verdict.Same, null, null), (call.Verdict, call.Unrecorded, call.Error?.Message)));
        Assert.Equal([1, 2, 2], calls.Select(c => c.Decisions.Count));
    }

    [Fact]
    public async Task A_service_that_sends_calls_elsewhere_changes_them()
    {
        var url = await _python.With("start_function", Start.Replace("TARGET", "+13333333", StringComparison.Ordinal)).With("transfer_failed", Failed).StartAsync();

        var call = Assert.Single(await ReplayAsync(url, [Past().Call(failures: TransferOutcome.Busy)]));

        Assert.Equal(Verdict.Changed, call.Verdict);
        Assert.Contains(call.Changes, c => c is { Was: "12222222" or "+12222222", Now: "13333333" or "+13333333" });
    }

    [Fact]
    public async Task A_service_that_answers_otherwise_the_second_time_is_not_replayable_and_no_verdict_is_made_up()
    {
        var url = await _python.With("start_function", """
            import itertools
            count = globals().setdefault("count", itertools.count())
            return {"handoff": {"reject": {"status": 480 + next(count) % 2}}}
            """).StartAsync();

        var call = Assert.Single(await ReplayAsync(url, [Past().Call()]));

        Assert.Equal(Verdict.NotReplayable, call.Verdict);
        Assert.StartsWith("asked twice, the web service answers otherwise, ", call.Unrecorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_service_itself_decided_then_is_the_baseline_and_a_change_of_it_is_a_change()
    {
        var url = await _python.With("start_function", Start.Replace("TARGET", "+12222222", StringComparison.Ordinal)).StartAsync();
        var same = PastCalls.Events(Past().Call());
        same[1] = (FlowSelected)same[1] with { LogicVersion = $"webhook:{url}", DecidedBy = $"POST {url}" };
        var otherwise = PastCalls.Events(Past().Call());
        otherwise[1] = (FlowSelected)otherwise[1] with { LogicVersion = $"webhook:{url}", Flow = "vip" };

        var calls = await ReplayAsync(url, [PastCalls.Of(same), PastCalls.Of(otherwise)]);

        Assert.Equal([Verdict.Same, Verdict.Changed], calls.Select(c => c.Verdict));
    }

    [Fact]
    public async Task A_service_is_compared_with_a_version_of_the_logic_that_decides_every_call_too()
    {
        var url = await _python.With("start_function", Start.Replace("TARGET", "+13333333", StringComparison.Ordinal)).StartAsync();
        using var alike = Logics.Compile(Logic.Replace("+12222222", "+13333333", StringComparison.Ordinal));
        using var otherwise = Logics.Compile(Logic);

        Assert.Equal(Verdict.Same, Assert.Single(await ReplayAsync(url, [Past().Call()], alike)).Verdict);
        var changed = Assert.Single(await ReplayAsync(url, [Past().Call()], otherwise));

        Assert.Equal((Verdict.Changed, Verdict.Same), (changed.Verdict, changed.Baseline!.Verdict));
    }

    [Fact]
    public async Task What_the_service_fails_on_is_an_error_that_says_what_it_said()
    {
        var url = await _python.With("start_function", "raise ValueError(\"no such branch\")").StartAsync();

        var call = Assert.Single(await ReplayAsync(url, [Past().Call()]));

        Assert.Equal((Verdict.Error, RoutingFailureCause.LogicThrew), (call.Verdict, call.Error!.Cause));
        Assert.Contains("start_function raised ValueError: no such branch", call.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_ends_the_replay_and_says_so()
    {
        var e = await Assert.ThrowsAsync<NoDeciderException>(() => ReplayAsync(new Uri("http://127.0.0.1:1/decide"), [Past().Call()]));

        Assert.StartsWith("The web service webhook:http://127.0.0.1:1/decide cannot be asked: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_overloaded_is_given_time()
    {
        using var listener = new HttpListener();
        int port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        int asked = 0;
        var serving = Task.Run(async () =>
        {
            while (asked < 4)
            {
                var context = await listener.GetContextAsync();
                context.Response.StatusCode = ++asked switch { 1 => 503, 2 => 429, _ => 200 };
                await context.Response.OutputStream.WriteAsync("""{"handoff":{"reject":{"status":480}}}"""u8.ToArray());
                context.Response.Close();
            }
        });

        var call = Assert.Single(await ReplayAsync(new Uri($"http://127.0.0.1:{port}/decide"), [Past().Call()]));
        await serving;

        Assert.Equal(Verdict.Changed, call.Verdict);
    }

    private static PastCalls Past() => new(Logics.Compile(Logic), s_tables);

    private static async Task<List<ReplayedCall>> ReplayAsync(Uri url, IReadOnlyList<CallHistory> calls, CompiledLogic? baseline = null)
    {
        using var candidate = new WebhookCandidate(new WebhookOptions { Url = url, Timeout = TimeSpan.FromSeconds(30) }, new RouterOptions(), 4, TimeProvider.System);
        using var replayer = new Replayer(candidate, new ReplayOptions { Threads = 4, Baseline = baseline }, TimeProvider.System);
        var replayed = new List<ReplayedCall>();
        await foreach (var call in replayer.RunAsync(calls.ToAsyncEnumerable(), default))
            replayed.Add(call);
        return replayed;
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
