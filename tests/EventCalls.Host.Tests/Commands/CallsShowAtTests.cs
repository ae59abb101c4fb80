using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

/// <summary>One call as of one of its events.</summary>
public class CallsShowAtTests
{
    [Fact]
    public async Task As_of_an_event_it_shows_what_was_known_then_and_nothing_of_what_came_later()
    {
        var shown = await ShowAsync(RecordedCalls.ReferredThenBridged(), 8);

        Assert.StartsWith(
            """
            Call          0199c3d2-7a1b-7000-8000-000000000001
            SIP Call-ID   a84b4c76e66710-1@192.0.2.1
            From          +15551234567
            To            +15557654321
            As of         event 8 of 11, 2026-11-22T13:48:44.341Z, 0.218 s after the INVITE
            Phase         handing off, attempt 2: invite sip:+12222222@192.0.2.7:5060, 180 Ringing was heard
            Flow          vip_support, logic 3f2a91c04be7
            State         branch = North Branch
            Caller        answered at 0.006 s
            Target        none answered
            Handoff       by router: refer sip:support@example.com, else invite +12222222 via pstn
            Attempts      1 at 0.006 s: refer sip:support@example.com: not_allowed, 403 Forbidden
                          2 at 0.038 s: invite sip:+12222222@192.0.2.7:5060 via pstn: under way, 180 Ringing
            Outcome       none so far
            Ended         not yet

            """, shown, StringComparison.Ordinal);
        Assert.EndsWith("\n3 events came later and are not shown.\n", shown, StringComparison.Ordinal);
        Assert.Contains(" 8   0.218 │", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("200 OK ─", shown[shown.IndexOf("attempt 2", shown.IndexOf("\n 7 ", StringComparison.Ordinal), StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("hung_up", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "waits for a decision")]
    [InlineData(3, "a handoff is asked for, nothing is tried yet")]
    [InlineData(4, "handing off, attempt 1: refer sip:support@example.com, nothing was heard yet")]
    [InlineData(6, "handing off, the next step is about to be tried")]
    [InlineData(10, "connected to sip:+12222222@192.0.2.7:5060")]
    [InlineData(11, "over")]
    public async Task The_phase_says_what_the_call_was_doing(int at, string phase) =>
        Assert.Contains($"\nPhase         {phase}\n", await ShowAsync(RecordedCalls.ReferredThenBridged(), at), StringComparison.Ordinal);

    [Fact]
    public async Task After_the_last_step_failed_it_waits_for_a_new_decision_and_a_call_given_away_for_its_end()
    {
        var failed = RecordedCalls.Open().After(100).Failed(1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" });

        Assert.Contains("waits for a new decision after the failed transfer", await ShowAsync(failed, 6), StringComparison.Ordinal);
        Assert.Contains("about to end", await ShowAsync(RecordedCalls.Referred(), 8), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_is_one_object_with_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.ReferredThenBridged();
        await run.StoreAsync(call);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", call.SipCallId, "--at", "8", "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        var moment = json.RootElement;
        Assert.Equal(
            ["callId", "at", "of", "occurredAt", "sinceStartMs", "phase", "flow", "logicVersion", "state", "callerAnsweredAt", "targetAnsweredAt", "connectedTo", "handoff", "attempts", "outcome", "ended", "events"],
            moment.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("handing_off", 218, 8), (moment.GetProperty("phase").GetString(), moment.GetProperty("sinceStartMs").GetInt32(), moment.GetProperty("events").GetArrayLength()));
        Assert.Equal(["not_allowed", null], moment.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("outcome").GetString()));
        Assert.Equal(JsonValueKind.Null, moment.GetProperty("ended").ValueKind);
        Assert.Equal("North Branch", moment.GetProperty("state").GetProperty("branch").GetString());
    }

    [Theory]
    [InlineData("12", ExitCodes.NotSo, "--at is 12, and the call has 11 events.")]
    [InlineData("0", ExitCodes.BadUsage, "--at is '0'; expected the number of an event, 1 for the first")]
    public async Task A_number_that_no_event_has_is_said_to_be_none(string at, int exitCode, string said)
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.ReferredThenBridged();
        await run.StoreAsync(call);

        Assert.Equal(exitCode, await run.RunAsync("calls", "show", call.SipCallId, "--at", at));

        Assert.Empty(run.Out);
        Assert.StartsWith(said, run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(SampleCall call, int at)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(call);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", call.SipCallId, "--at", $"{at}"));
        return run.Out;
    }
}
