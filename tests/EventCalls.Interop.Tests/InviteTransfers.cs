using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class InviteTransfers(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    [Fact]
    public async Task A_target_that_answers_is_bridged_until_the_caller_hangs_up()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge");
        var seen = (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Equal("bridge", call.Only("flow_selected")["flow"]);
        Assert.Contains(call.Events, e => e.Type == "call_answered" && e["leg"] == "target");
        Assert.Contains(call.Events, e => e.Type == "call_answered" && e["leg"] == "caller");
        Assert.Contains(call.Events, e => e.Type == "transfer_progressed" && e["status"] == "180");

        var invite = seen.Received.First(m => m.Method == "INVITE");
        Assert.StartsWith($"INVITE sip:+12222222@127.0.0.1:{service.Settings.TargetPort}", invite.StartLine);
        Assert.Contains("sip:+15550001111@", invite.Header("From"));
        Assert.Contains("sip:+15550001111@", invite.Header("P-Asserted-Identity"));
        Assert.Equal("4711", invite.Header("X-Customer-ID"));
        Assert.Equal("Support", invite.Header("X-Call-Type"));
        Assert.Contains("m=audio", invite.Body);
    }

    [Fact]
    public async Task A_target_that_hangs_up_ends_the_caller_too()
    {
        await using var target = await service.TargetAsync("target-answers-then-hangs-up");
        var (_, call) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Contains("Q.850", call.Ended["reason"]);
    }

    [Theory]
    [InlineData("target-busy", "call-rejected-486", "busy", 486)]
    [InlineData("target-declined", "call-rejected-603", "declined", 603)]
    [InlineData("target-not-found", "call-rejected-404", "not_found", 404)]
    [InlineData("target-unavailable", "call-rejected-502", "unreachable", 503)]
    public async Task A_target_that_refuses_fails_typed_and_the_caller_is_told(string targetScenario, string callerScenario, string outcome, int status)
    {
        await using var target = await service.TargetAsync(targetScenario);
        var (_, call) = await service.CallToTheEndAsync(callerScenario, "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal($"invite {outcome}", call.Outcomes.First());
        var failed = call.Events.First(e => e.Type == "transfer_failed");
        Assert.Equal(("response", $"{status}"), (failed["evidence.source"], failed["evidence.status"]));
        Assert.Equal(outcome == "unreachable" ? "5" : null, failed["evidence.retryAfter"]);
        Assert.Equal("rejected", call.Ended["cause"]);
    }

    [Fact]
    public async Task A_target_that_does_not_answer_is_cancelled_after_the_ring_timeout()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        var (_, call) = await service.CallToTheEndAsync("call-rejected-480", "bridge_briefly");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal("invite no_answer", call.Outcomes.First());
        Assert.Equal(("rejected", "480"), (call.Ended["cause"], call.Ended["status"]));
    }

    [Fact]
    public async Task A_target_that_never_says_a_word_times_out()
    {
        await using var target = await service.TargetAsync("target-silent", pauseMs: 60_000, timeout: TimeSpan.FromSeconds(90));
        var (_, call) = await service.CallToTheEndAsync("call-rejected-504", "bridge", receiveTimeoutMs: 45_000);

        Assert.Equal("invite timed_out", call.Outcomes.First());
        Assert.Equal("local", call.Events.First(e => e.Type == "transfer_failed")["evidence.source"]);
    }

    [Fact]
    public async Task A_target_where_nobody_listens_is_not_reached()
    {
        var (_, call) = await service.CallToTheEndAsync("call-not-connected", "bridge", receiveTimeoutMs: 45_000);

        Assert.Contains(call.Outcomes.First(), new[] { "invite unreachable", "invite timed_out" });
        Assert.Equal("rejected", call.Ended["cause"]);
    }

    [Fact]
    public async Task A_caller_who_cancels_while_it_rings_cancels_the_target()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        var (_, call) = await service.CallToTheEndAsync("call-cancelled", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite caller_hung_up"], call.Outcomes);
        Assert.Equal(("caller", "cancelled"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Contains("Caller gave up", call.Ended["reason"]);
    }

    [Fact]
    public async Task A_caller_who_cancels_at_once_leaves_a_whole_stream()
    {
        await using var target = await service.TargetAsync("target-does-not-answer", timeout: TimeSpan.FromSeconds(5));
        var (_, call) = await service.CallToTheEndAsync("call-cancelled-early", "bridge");

        Assert.Equal(("caller", "cancelled"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task An_answer_that_crosses_the_cancel_is_acknowledged_and_hung_up_on()
    {
        await using var target = await service.TargetAsync("target-answers-as-cancelled");
        var (_, call) = await service.CallToTheEndAsync("call-cancelled", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite caller_hung_up"], call.Outcomes);
        Assert.Equal("cancelled", call.Ended["cause"]);
    }

    [Fact]
    public async Task Early_media_reaches_the_caller()
    {
        await using var target = await service.TargetAsync("target-early-media", pauseMs: 300);
        var (_, call) = await service.CallToTheEndAsync("call-early-media", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
    }

    [Theory]
    [InlineData("call-without-offer", "target-answers-without-offer")]
    [InlineData("call-holds", "target-reinvited")]
    [InlineData("call-updates", "target-updated")]
    [InlineData("call-reinvited", "target-reinvites")]
    public async Task Offers_and_answers_pass_between_the_legs(string callerScenario, string targetScenario)
    {
        await using var target = await service.TargetAsync(targetScenario);
        var (_, call) = await service.CallToTheEndAsync(callerScenario, "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal("hung_up", call.Ended["cause"]);
    }

    [Fact]
    public async Task Of_two_forked_answers_the_second_is_acknowledged_and_hung_up_on()
    {
        await using var target = await service.TargetAsync("target-forks");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge", pauseMs: 800);
        var seen = (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        var tags = seen.Received.Where(m => m.Method is "ACK" or "BYE").Select(m => m.Header("To")!.Split(";tag=")[1]).ToList();
        Assert.Equal([tags[0], tags[1], tags[1], tags[0]], tags);
        Assert.NotEqual(tags[0], tags[1]);
    }

    [Fact]
    public async Task A_fallback_is_tried_when_the_first_target_is_busy()
    {
        await using var target = await service.TargetAsync("target-busy");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge_or_second");
        (await target.WaitAsync()).MustSucceed();
        (await second.WaitAsync()).MustSucceed();

        Assert.Equal(["invite busy", "invite answered"], call.Outcomes);
        Assert.Equal("False", call.Only("transfer_failed")["final"]);
    }

    [Fact]
    public async Task The_logic_is_asked_again_when_every_step_failed()
    {
        await using var target = await service.TargetAsync("target-busy");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge_then_ask_again");
        (await target.WaitAsync()).MustSucceed();
        var seen = (await second.WaitAsync()).MustSucceed();

        Assert.Equal(["invite busy", "invite answered"], call.Outcomes);
        Assert.Equal(2, call.Events.Count(e => e.Type == "handoff_requested"));
        Assert.Equal("Busy", seen.Received.First(m => m.Method == "INVITE").Header("X-Last-Outcome"));
    }

    [Fact]
    public async Task The_list_says_what_came_of_a_call()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge");

        var listed = Assert.Single(await service.Process.CallsAsync("--limit", "1"));
        Assert.Equal(call.CallId, listed.CallId);
        Assert.Equal(("+15550001111", "bridge", "carrier"), (listed.Caller, listed.Callee, listed.Trunk));
        Assert.Equal(("bridge", "invite", "answered", 1), (listed.Flow, listed.Handoff, listed.Outcome, listed.Attempts));
        Assert.Matches("^sha256:[0-9a-f]{64}$", listed.LogicVersion);
        Assert.NotNull(listed.EndedAt);
    }
}
