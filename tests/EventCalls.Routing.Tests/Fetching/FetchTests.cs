using System.Buffers;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Fetching;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Tests.Deciders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Fetching;

public sealed class FetchTests : IAsyncLifetime
{
    private const string ByTier = """
        var customer = conv.Fetch("crm", conv.CallerNumber);
        conv.State["why"] = customer.Failure?.ToString() ?? customer.Status?.ToString();
        return customer["tier"] == "gold" ? Handoff.Invite("+1222", outboundEndpoint: "pstn") : Handoff.Reject(480);
        """;

    private readonly Journal _journal = new();
    private readonly TempFolder _folder = new();
    private Crm _crm = null!;

    public async Task InitializeAsync() => _crm = await Crm.StartAsync();

    public async Task DisposeAsync()
    {
        await _crm.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_fetched_decides_and_is_recorded_and_no_secret_with_it()
    {
        var source = _crm.Source() with { Headers = new Dictionary<string, string> { ["X-Token"] = "Zq81" }, Members = ["tier"] };
        await using var router = await StartAsync(ByTier, source);

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal(("/customers/+15551234567", "Zq81"), (Assert.Single(_crm.Asked), Assert.Single(_crm.Tokens)));
        var (selected, steps) = Decision();
        Assert.Equal(HandoffMethod.Invite, steps[0].Method);
        var recorded = Assert.Single(selected.Inputs!.Lookups);
        Assert.Equal(("fetch:crm", "+15551234567"), (recorded.Name, recorded.Key));
        var answer = FetchAnswer.Of(recorded);
        Assert.Equal((200, null, """{"tier":"gold"}"""), (answer.Status, answer.Failure, answer.Json));
        Assert.DoesNotContain("Zq81", CallEventJsonText(selected), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_decision_comes_out_the_same_from_its_record_when_nobody_can_be_asked_any_more()
    {
        await using var router = await StartAsync(ByTier, _crm.Source());
        await router.DecideAsync(Calls.Started(), default);
        var (selected, _) = Decision();
        await _crm.DisposeAsync();

        using var logic = Logics.Load(Logics.Start(ByTier));
        var again = Decider.Decide(logic, DecisionRequest.For(Calls.Started()), new DecideOptions { Lookups = new RecordedLookups(selected.Inputs!.Lookups) });

        Assert.Null(again.Failure);
        Assert.Equal("+1222", again.Steps[0].PhoneNumber);
        Assert.Equal(selected.Inputs.Lookups, again.Inputs.Lookups);
    }

    [Fact]
    public void A_fetch_that_the_past_call_did_not_make_is_not_known_and_is_not_made_for_a_replay()
    {
        var tables = LookupTables.None.WithSources(["crm"]);

        var result = Logics.Decide(Logics.Start(ByTier), options: new DecideOptions { Lookups = tables });

        Assert.Equal("fetch:crm", result.UnansweredLookup?.Name);
        Assert.Empty(_crm.Asked);
    }

    [Fact]
    public async Task In_a_process_of_its_own_logic_fetches_several_times_and_takes_one_turn_and_cannot_hold_on_to_a_decision_that_is_given_up()
    {
        const string Body = """
            long turn = conv.Rotate("desk");
            for (int i = 0; i < 2; i++)
            {
                try { conv.State[$"tier{i}"] = conv.Fetch("crm", $"{conv.CallerNumber}-{i}")["tier"]; }
                catch (Exception) { return Handoff.Reject(500); }
                finally { conv.State["after"] = "yes"; }
            }
            return Handoff.Bye($"turn {turn}");
            """;
        // One process, however busy the machine is: each counts turns for itself.
        await using var pool = new DeciderPool(new DeciderPoolOptions { Process = TestDeciders.Options, Spares = 0, Patience = TimeSpan.FromMinutes(1) }, TimeProvider.System, NullLogger.Instance);
        var check = await pool.CompileAsync([new LogicSource("line.cs", Logics.Start(Body))], default);
        using var fetched = new FetchedDecisions(pool, new FetchSources([_crm.Source()], TimeProvider.System), TimeProvider.System);
        var options = new DecideOptions { Lookups = LookupTables.None.WithSources(["crm"]).ForLiveCalls(), TimeLimit = TimeSpan.FromSeconds(5) };

        var result = await fetched.RunAsync(check.Logic!, DecisionRequest.For(Calls.Started()), options, TimeSpan.FromSeconds(20), default);
        var next = await fetched.RunAsync(check.Logic!, DecisionRequest.For(Calls.Started()), options, TimeSpan.FromSeconds(20), default);

        Assert.Null(result.Failure);
        Assert.Equal(("turn 0", "turn 1"), (result.Steps[0].Reason, next.Steps[0].Reason));
        Assert.Equal(["rotate:desk", "fetch:crm", "fetch:crm"], result.Inputs.Lookups.Select(l => l.Name));
        Assert.Equal(2, _crm.Asked.Count);
        Assert.True(FetchAnswer.Of(next.Inputs.Lookups[1]).Cached);
    }

    [Fact]
    public async Task While_one_call_waits_for_its_answer_a_hundred_others_are_decided_on_the_same_thread()
    {
        _crm.Answer = async (context, key) =>
        {
            if (key == "+1slow")
                await _crm.Released;
            await context.Response.WriteAsync("""{ "tier": "gold" }""");
        };
        await using var router = await StartAsync(ByTier, _crm.Source() with { Timeout = TimeSpan.FromSeconds(10) });

        var slow = router.DecideAsync(Calls.Started("+1slow"), default);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => router.DecideAsync(Calls.Started($"+1555{i}"), default)));

        Assert.False(slow.IsCompleted);
        Assert.Equal(100, _journal.Appends.Count);
        _crm.Release();
        await slow;
        Assert.Equal(101, _journal.Appends.Count);
    }

    [Theory]
    [InlineData(404, "", "404", null)]
    [InlineData(204, "", "204", null)]
    [InlineData(500, "{}", "HttpStatus", FetchFailure.HttpStatus)]
    [InlineData(302, "{}", "HttpStatus", FetchFailure.HttpStatus)]
    [InlineData(200, "<html>", "NotJson", FetchFailure.NotJson)]
    [InlineData(200, "{\"tier\":\"a long one: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\"}", "TooLarge", FetchFailure.TooLarge)]
    public async Task Whatever_the_source_answers_logic_sees_it_by_name_and_so_does_the_record(int status, string body, string seen, FetchFailure? failure)
    {
        _crm.Answer = async (context, _) =>
        {
            context.Response.StatusCode = status;
            if (status == 302)
                context.Response.Headers.Location = "/customers/elsewhere";
            await context.Response.WriteAsync(body);
        };
        await using var router = await StartAsync(ByTier, _crm.Source() with { MaxBytes = 100 });

        await router.DecideAsync(Calls.Started(), default);

        var (selected, _) = Decision();
        Assert.Equal(seen, selected.State["why"].GetString());
        var answer = FetchAnswer.Of(selected.Inputs!.Lookups.Single());
        Assert.Equal((status, failure), (answer.Status, answer.Failure));
        Assert.Single(_crm.Asked);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_in_its_time_fails_the_fetch_and_not_the_decision()
    {
        _crm.Answer = (_, _) => _crm.Released;
        await using var router = await StartAsync(ByTier, _crm.Source() with { Timeout = TimeSpan.FromMilliseconds(50) });

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal("TimedOut", Decision().Selected.State["why"].GetString());
    }

    [Fact]
    public async Task A_decision_does_not_wait_longer_than_its_call_does_however_long_the_source_may_take()
    {
        _crm.Answer = (_, _) => _crm.Released;
        await using var router = await StartAsync(ByTier, _crm.Source() with { Timeout = TimeSpan.FromSeconds(10) }, life: TimeSpan.FromMilliseconds(200));

        await router.DecideAsync(Calls.Started(), default);

        var answer = FetchAnswer.Of(Decision().Selected.Inputs!.Lookups.Single());
        Assert.Equal(FetchFailure.TimedOut, answer.Failure);
        Assert.Contains("the decision had", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../admin")]
    [InlineData("")]
    [InlineData("line\r\nend")]
    public async Task A_key_that_would_lead_elsewhere_is_not_asked_for(string key)
    {
        await using var router = await StartAsync(ByTier.Replace("conv.CallerNumber", JsonSerializer.Serialize(key), StringComparison.Ordinal), _crm.Source());

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal("BadKey", Decision().Selected.State["why"].GetString());
        Assert.Empty(_crm.Asked);
    }

    [Fact]
    public async Task What_stands_in_a_key_cannot_become_a_part_of_the_address()
    {
        await using var router = await StartAsync(ByTier.Replace("conv.CallerNumber", "\"a&b=c?d#e f%2F\"", StringComparison.Ordinal), _crm.Source() with { Url = _crm.Source().Url.Replace("/{key}", "?id={key}", StringComparison.Ordinal) });

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal("/customers?id=a%26b%3Dc%3Fd%23e%20f%252F", Assert.Single(_crm.Asked));
    }

    [Fact]
    public async Task A_key_may_be_posted()
    {
        await using var router = await StartAsync(ByTier, _crm.Source() with { Posts = true, Url = _crm.Source().Url.Replace("/{key}", "", StringComparison.Ordinal) });

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal("/customers{\"key\":\"\\u002B15551234567\"}", Assert.Single(_crm.Asked));
    }

    [Fact]
    public async Task A_source_that_is_not_configured_is_a_result_and_stays_one_in_a_replay()
    {
        await using var router = await StartAsync(ByTier.Replace("\"crm\"", "\"erp\"", StringComparison.Ordinal), _crm.Source());

        await router.DecideAsync(Calls.Started(), default);

        var (selected, _) = Decision();
        Assert.Equal("NotConfigured", selected.State["why"].GetString());
        Assert.Equal("There is no source 'erp' to fetch from; configured (EventCalls:Routing:Sources): crm.", selected.Inputs!.Lookups.Single().Refusal);
        using var logic = Logics.Load(Logics.Start(ByTier.Replace("\"crm\"", "\"erp\"", StringComparison.Ordinal)));
        var again = Decider.Decide(logic, DecisionRequest.For(Calls.Started()), new DecideOptions { Lookups = new RecordedLookups(selected.Inputs.Lookups) });
        Assert.Null(again.UnansweredLookup);
        Assert.Equal("NotConfigured", again.State["why"].GetString());
    }

    [Fact]
    public async Task What_logic_notes_is_kept_once_however_often_the_decision_was_begun()
    {
        await using var router = await StartAsync("""
            conv.Log("asking\r\nforged");
            conv.Metric("queue.length", 3.5);
            conv.Metric("nan", double.NaN);
            conv.Log($"tier {conv.Fetch("crm", "a")["tags.1"]}");
            return Handoff.Bye();
            """, _crm.Source());

        await router.DecideAsync(Calls.Started(), default);

        var (selected, _) = Decision();
        Assert.Equal(["asking\uFFFD\uFFFDforged", "The figure nan was no number.", "tier 2"], selected.Log);
        Assert.Equal([new LogicMetric("queue.length", 3.5)], selected.Metrics);
    }

    [Fact]
    public async Task What_logic_noted_before_it_failed_is_kept_too()
    {
        await using var router = await StartAsync("conv.Log(\"here\"); throw new InvalidOperationException();", _crm.Source());

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal(["here"], Assert.IsType<FlowSelected>(_journal.Appends.Single()[1]).Log);
    }

    [Fact]
    public async Task Logic_that_never_has_enough_is_stopped()
    {
        await using var router = await StartAsync("for (int i = 0; ; i++) conv.Fetch(\"crm\", i.ToString());", _crm.Source());

        await router.DecideAsync(Calls.Started(), default);

        var failed = Assert.IsType<RoutingFailed>(_journal.Appends.Single()[0]);
        Assert.Equal("The logic fetches more than 16 times in one decision; the last was conv.Fetch(\"crm\", …).", failed.Message);
    }

    private static string CallEventJsonText(CallEvent e)
    {
        var line = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(line, e);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    private (FlowSelected Selected, IReadOnlyList<Contracts.Handoff> Steps) Decision()
    {
        var events = _journal.Appends.Single();
        return (Assert.IsType<FlowSelected>(events[0]), Assert.IsType<HandoffRequested>(events[1]).Steps);
    }

    private async Task<Router> StartAsync(string body, FetchSource source, TimeSpan? life = null)
    {
        _folder.Write("line.cs", Logics.Start(body));
        var options = new RouterOptions { LogicPath = _folder.Path, Isolation = LogicIsolation.InProcess, DecisionThreads = 1, HotReload = false, Sources = [source], Life = life, TimeLimit = TimeSpan.FromSeconds(5) };
        var router = new Router(options, _journal, new VersionSink(), LookupTables.None, TimeProvider.System, NullLogger<Router>.Instance);
        await router.StartAsync(default);
        return router;
    }
}
