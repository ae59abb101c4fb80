using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests;

public sealed class ConversationTests
{
    [Fact]
    public void Headers_are_found_whatever_their_case_and_form_and_number()
    {
        var conv = Conversation(Calls.Started());

        Assert.Equal("<sip:+15551234567@127.0.0.1>;tag=1", conv.SipHeaders["From"]);
        Assert.Equal(conv.SipHeaders["From"], conv.SipHeaders["f"]);
        Assert.Equal("<sip:+15557654321@127.0.0.1>", conv.SipHeaders["t"]);
        Assert.Equal("gold", conv.SipHeaders["x-tier"]);
        Assert.Null(conv.SipHeaders["X-None"]);
        Assert.Equal(2, conv.SipHeaders.All("v").Count);
        Assert.Empty(conv.SipHeaders.All("X-None"));
        Assert.Equal(["Via", "Via", "f", "To", "X-Tier"], conv.SipHeaders.Select(h => h.Name));
    }

    [Fact]
    public void State_refuses_a_number_that_no_event_can_keep()
    {
        var state = Conversation(Calls.Started()).State;

        var refused = Assert.Throws<NotSupportedException>(() => state.Set("order", System.Text.Json.JsonElement.Parse("""{"n": 1e200000}""")));

        Assert.StartsWith("conv.State cannot keep 'order': n: the number cannot be kept", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, state.Count);
    }

    [Fact]
    public void State_keeps_text_numbers_and_objects_as_they_were_when_set()
    {
        var state = Conversation(Calls.Started()).State;
        var list = new List<int> { 1 };

        state["text"] = "a \"b\"";
        state.Set("number", 42);
        state.Set("yes", true);
        state.Set("object", new { Name = "x", Items = list });
        list.Add(2);

        Assert.Equal("a \"b\"", state["text"]);
        Assert.Equal("42", state["number"]);
        Assert.Equal(42, state.Get<int>("number"));
        Assert.Equal("true", state["yes"]);
        Assert.Equal("""{"name":"x","items":[1]}""", state["object"]);
        Assert.Null(state["none"]);
        Assert.Equal(0, state.Get<int>("none"));
        state["text"] = null;
        Assert.False(state.Contains("text"));
        Assert.Equal(["number", "object", "yes"], state.ToJson().Keys.Order());
        state["digits"] = "7";
        Assert.Equal(7, state.Get<int>("digits"));
    }

    [Fact]
    public void Random_numbers_are_the_same_for_the_same_seed_for_ever()
    {
        var random = new ConversationRandom(12345);

        Assert.Equal([133, 204, 119, 176], Enumerable.Range(0, 4).Select(_ => random.Next(1000)));
    }

    [Fact]
    public void Random_numbers_stay_in_their_range_and_spread_over_it()
    {
        var random = new ConversationRandom(7);
        var seen = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            seen[random.Next(10)]++;
            Assert.InRange(random.Next(-5, 5), -5, 4);
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
        }

        Assert.All(seen, n => Assert.InRange(n, 9_500, 10_500));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
        Assert.Throws<ArgumentException>(() => random.Pick<int>());
    }

    [Fact]
    public void Seeds_follow_from_the_ids_alone_and_differ_from_call_to_call()
    {
        var started = Calls.Started();

        Assert.Equal(2139786319, DecisionRequest.For(started).Seed);
        Assert.Equal(1000, Enumerable.Range(0, 1000)
            .Select(_ => DecisionRequest.For(started with { CallId = Guid.CreateVersion7(), EventId = Guid.CreateVersion7() }).Seed).Distinct().Count());
    }

    [Fact]
    public void Look_ups_are_recorded_in_order_with_those_that_found_nothing()
    {
        var result = Logics.Decide(
            Logics.Start("var a = conv.Lookup(\"branches\", \"+1\"); var b = conv.Lookup(\"branches\", \"+2\"); return Handoff.Bye(a + b);"),
            options: new DecideOptions { Lookups = Tables() });

        Assert.Equal([new("branches", "+1", "north"), new("branches", "+2", null)], result.Inputs.Lookups);
        Assert.Equal("north", result.Steps[0].Reason);
    }

    [Fact]
    public void A_table_that_does_not_exist_is_named_with_those_that_do()
    {
        var result = Logics.Decide(
            Logics.Start("return Handoff.Bye(conv.Lookup(\"branch\", \"+1\"));"), options: new DecideOptions { Lookups = Tables() });

        Assert.Equal(RoutingFailureCause.LogicThrew, result.Failure!.Cause);
        Assert.Contains("no look-up table 'branch'; configured (EventCalls:Routing:Lookups): branches", result.Failure.Message, StringComparison.Ordinal);
        var answer = Assert.Single(result.Inputs.Lookups);
        Assert.Equal(("branch", "+1", null), (answer.Name, answer.Key, answer.Value));
        Assert.StartsWith("There is no look-up table 'branch'", answer.Refusal, StringComparison.Ordinal);
        Assert.Null(result.UnansweredLookup);
    }

    [Fact]
    public void Recorded_look_ups_answer_what_was_asked_and_nothing_else()
    {
        var recorded = new DecideOptions { Lookups = new RecordedLookups([new("branches", "+1", "north"), new("branches", "+2", null)]) };
        string ask = "string? a; try { a = conv.Lookup(\"branches\", conv.CallerNumber); } catch (Exception) { a = \"caught\"; } return Handoff.Bye(a ?? \"none\");";

        Assert.Equal("north", Logics.Decide(Logics.Start(ask), Calls.Started(caller: "+1"), recorded).Steps[0].Reason);
        Assert.Equal("none", Logics.Decide(Logics.Start(ask), Calls.Started(caller: "+2"), recorded).Steps[0].Reason);
        var unknown = Logics.Decide(Logics.Start(ask), Calls.Started(caller: "+3"), recorded);
        Assert.Equal("caught", unknown.Steps[0].Reason);
        Assert.Equal(new LookupAnswer("branches", "+3", null), unknown.UnansweredLookup);
    }

    [Fact]
    public void What_a_decision_read_is_told_when_asked_for()
    {
        var result = Logics.Decide(
            Logics.Start("conv.State[\"a\"] = conv.SipHeaders[\"x-tier\"]; _ = conv.State[\"a\"]; _ = conv.Now; _ = conv.Random.Next(1); _ = conv.Lookup(\"branches\", \"+1\"); return Handoff.Bye(conv.CallerNumber);"),
            options: new DecideOptions { Lookups = Tables(), Trace = true });

        Assert.Equal(
            [
                new("sip_headers.x-tier", "gold"), new("state.a", "gold"), new("now", "2026-03-04T12:00:00.0000000+00:00"), new("random", "0"),
                new("lookup.branches[+1]", "north"), new("caller_number", "+15551234567"),
            ],
            result.Reads!);
        Assert.True(result.ReadClock && result.ReadRandom);
        var plain = Logics.Decide(Logics.Sample);
        Assert.Null(plain.Reads);
        Assert.False(plain.ReadClock || plain.ReadRandom);
    }

    private static LookupTables Tables() => LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>
    {
        ["branches"] = new Dictionary<string, string?> { ["+1"] = "north" },
    });

    private static Conversation Conversation(CallStarted started)
    {
        using var logic = Logics.Load(Logics.Sample);
        return new Conversation(DecisionRequest.For(started), LookupTables.None, logic.Loaded.StateJson, reads: null);
    }
}
