using System.Text;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>What the side that receives a call is told of it.</summary>
public abstract class HandoffContextConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private StoredHandoffContexts Contexts => new(Store);

    [Fact]
    public async Task A_context_is_found_by_the_handoffs_id_as_text_and_as_User_to_User_carries_it()
    {
        var (started, requested, _) = await CallOfTwoAsync();
        string id = requested.HandoffId.ToString();
        string hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(id));

        var found = await Contexts.FindAsync(id, None);

        Assert.NotNull(found);
        Assert.Equal((started.CallId, started.SipCallId, requested.HandoffId, "vip", "first"), (found.CallId, found.SipCallId, found.HandoffId, found.Reason, found.Flow));
        Assert.Equal((started.CallerNumber, started.CalleeNumber), (found.CallerNumber, found.CalleeNumber));
        Assert.True(JsonElement.DeepEquals(Ticket(1), found!.Handoff!.Value));
        Assert.Equal(["handoff", "noted"], found.State.Keys.Order());
        Assert.Equal(requested.HandoffId, (await Contexts.FindAsync(hex, None))!.HandoffId);
        Assert.Equal(requested.HandoffId, (await Contexts.FindAsync($"{hex};encoding=hex", None))!.HandoffId);
    }

    [Fact]
    public async Task What_a_command_changes_for_its_own_handoff_is_not_told_with_the_one_before()
    {
        var (started, _, last) = await CallOfTwoAsync();
        var command = new CommandTaken { EventId = Calls.NewId(), CallId = started.CallId, CausationId = last.EventId, OccurredAt = last.OccurredAt.AddSeconds(9), CommandId = Calls.NewId(), Kind = CommandKind.Handoff, By = "anna" };
        var changed = new StateChanged { EventId = Calls.NewId(), CallId = started.CallId, CausationId = command.EventId, OccurredAt = command.OccurredAt, Changes = State("""{"handoff":{"ticket":3}}""") };
        var third = Calls.Request(command) with { HandoffId = EventIds.Handoff(started.CallId, command.CommandId), RequestedBy = Requester.Api };
        await AppendAsync(command, changed, third);

        Assert.Equal(2, (await Contexts.FindAsync(last.HandoffId.ToString(), None))!.Handoff!.Value.GetProperty("ticket").GetInt32());
        Assert.Equal(3, (await Contexts.FindAsync(third.HandoffId.ToString(), None))!.Handoff!.Value.GetProperty("ticket").GetInt32());
        Assert.Equal(3, (await Contexts.FindAsync(started.CallId.ToString(), None))!.Handoff!.Value.GetProperty("ticket").GetInt32());
    }

    [Fact]
    public async Task By_the_call_or_its_SIP_Call_ID_it_is_that_of_the_last_handoff()
    {
        var (started, _, last) = await CallOfTwoAsync();

        var byCall = await Contexts.FindAsync(started.CallId.ToString(), None);
        var bySip = await Contexts.FindAsync(started.SipCallId, None);

        Assert.Equal((last.HandoffId, "second"), (byCall!.HandoffId, byCall.Flow));
        Assert.True(JsonElement.DeepEquals(Ticket(2), byCall!.Handoff!.Value));
        Assert.Equal(last.HandoffId, bySip!.HandoffId);
    }

    [Fact]
    public async Task A_call_without_a_handoff_has_its_state()
    {
        var started = Calls.Start();
        await AppendAsync(started, Calls.Select(started) with { State = State("""{"a":1}""") });

        var found = await Contexts.FindAsync(started.CallId.ToString(), None);

        Assert.Null(found!.HandoffId);
        Assert.Null(found.Handoff);
        Assert.Equal(1, found.State["a"].GetInt32());
    }

    [Theory]
    [InlineData("0198c0de-0000-8000-8000-000000000001")]
    [InlineData("nobody@example.com")]
    [InlineData("abc")]
    [InlineData("zz")]
    public async Task What_nobody_knows_is_not_found(string id)
    {
        await CallOfTwoAsync();

        Assert.Null(await Contexts.FindAsync(id, None));
    }

    [Fact]
    public async Task A_handoff_of_another_call_that_begins_alike_is_not_found()
    {
        var (started, _, _) = await CallOfTwoAsync();

        Assert.Null(await Contexts.FindAsync(EventIds.Handoff(started.CallId, Calls.NewId()).ToString(), None));
    }

    private async Task<(CallStarted Started, HandoffRequested First, HandoffRequested Last)> CallOfTwoAsync()
    {
        var started = Calls.Start();
        var selected = Calls.Select(started, "first") with { State = State("""{"handoff":{"ticket":1},"gone":true}""") };
        var first = Calls.Request(selected) with { HandoffId = EventIds.Handoff(started.CallId, started.EventId), Reason = "vip" };
        var changed = new StateChanged { EventId = Calls.NewId(), CallId = started.CallId, CausationId = first.EventId, OccurredAt = first.OccurredAt.AddMilliseconds(5), Changes = State("""{"noted":true,"gone":null}""") };
        var tried = Calls.Try(first);
        var failed = Calls.Fail(tried);
        var again = Calls.Select(failed, "second") with { State = State("""{"handoff":{"ticket":2}}""") };
        var last = Calls.Request(again) with { HandoffId = EventIds.Handoff(started.CallId, failed.EventId) };
        await AppendAsync(started, selected, first, changed, tried, failed, again, last);
        return (started, first, last);
    }

    // As a value: a database may write the text its own way.
    private static JsonElement Ticket(int number) => JsonSerializer.SerializeToElement(new { ticket = number });

    private static Dictionary<string, JsonElement> State(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
