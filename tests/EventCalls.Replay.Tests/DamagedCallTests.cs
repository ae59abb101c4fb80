using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Tests;

public sealed class DamagedCallTests
{
    private static readonly Lazy<CompiledLogic> s_logic = new(() => Logics.Compile(Logics.Support));

    private static CompiledLogic Logic => s_logic.Value;

    [Theory]
    [InlineData("call_started", "{")]
    [InlineData("call_started", "{}")]
    [InlineData("call_started", "null")]
    [InlineData("flow_selected", "[]")]
    [InlineData("handoff_requested", "{\"steps\":null}")]
    [InlineData("handoff_requested", "")]
    [InlineData("transfer_started", "{\"attempt\":\"x\"}")]
    public async Task A_damaged_event_gives_a_verdict_with_a_message(string type, string data)
    {
        var good = new PastCalls(Logic).Call();
        var events = good.Events.Select(e => e.Type == type ? PastCalls.Stored(e.CallId, (int)e.Version, e.EventId, type, Encoding.UTF8.GetBytes(data)) : e).ToList();

        var call = await Logics.ReplayAsync(Logic, good with { Events = events });

        Assert.Equal(Verdict.NotReplayable, call.Verdict);
        Assert.StartsWith("the recorded call is damaged", call.Unrecorded, StringComparison.Ordinal);
        Assert.Equal(good.Call.CallId, call.Started.CallId);
    }

    [Fact]
    public async Task Values_that_are_null_where_none_may_be_give_a_verdict_and_not_a_crash()
    {
        var good = new PastCalls(Logic).Call(failures: TransferOutcome.Busy);
        string[] nulls = ["headers", "steps", "state", "inputs", "callerNumber", "flow", "evidence", "lookups", "logicVersion", "target", "sipHeaders", "requestedBy"];
        var calls = nulls.Select(name => good with
        {
            Events = [.. good.Events.Select(e => PastCalls.Stored(e.CallId, (int)e.Version, e.EventId, e.Type, Nulled(e.Data, name)))],
        });

        var replayed = await Logics.ReplayAsync(Logic, calls);

        Assert.Equal(nulls.Length, replayed.Count);
        Assert.All(replayed, call => Assert.True(call.Verdict is not Verdict.NotReplayable || call.Unrecorded is not null));
    }

    [Fact]
    public async Task A_stream_without_its_beginning_or_with_events_out_of_nowhere_is_damaged()
    {
        var good = new PastCalls(Logic).Call();
        var stranger = PastCalls.Events(good);
        stranger[1] = stranger[1] with { CausationId = Guid.CreateVersion7() };

        var headless = await Logics.ReplayAsync(Logic, good with { Events = [.. good.Events.Skip(1)] });
        var lost = await Logics.ReplayAsync(Logic, PastCalls.Of(stranger));

        Assert.Contains("no call_started", headless.Unrecorded, StringComparison.Ordinal);
        Assert.Equal(Verdict.NotReplayable, lost.Verdict);
        Assert.Contains("flow_selected", lost.Unrecorded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Requester.Router)]
    [InlineData(Requester.Default)]
    public async Task A_handoff_whose_decision_is_gone_is_damaged_and_not_compared_by_itself(Requester requestedBy)
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call());
        events[2] = (HandoffRequested)events[2] with { RequestedBy = requestedBy };
        events.RemoveAt(1);

        var call = await Logics.ReplayAsync(Logic, PastCalls.Of(events));

        Assert.Equal(Verdict.NotReplayable, call.Verdict);
        Assert.Contains("the decision is missing", call.Unrecorded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("state")]
    [InlineData("steps")]
    public async Task A_member_that_is_null_where_none_may_be_does_not_speak_against_the_candidate(string member)
    {
        var good = new PastCalls(Logic).Call();
        var events = good.Events.Select(e => PastCalls.Stored(e.CallId, (int)e.Version, e.EventId, e.Type, Nulled(e.Data, member))).ToList();

        var call = await Logics.ReplayAsync(Logic, good with { Events = events });

        Assert.Equal(Verdict.NotReplayable, call.Verdict);
        Assert.Contains(member, call.Unrecorded, StringComparison.Ordinal);
    }

    private static byte[] Nulled(ReadOnlyMemory<byte> data, string member)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(data.Span)!.AsObject();
        if (json.ContainsKey(member))
            json[member] = null;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
