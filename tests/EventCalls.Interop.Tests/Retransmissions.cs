using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class Retransmissions(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    [Fact]
    [Trait("RFC", "3261 §17.2.1")]
    public async Task An_INVITE_that_is_sent_again_and_again_is_one_call()
    {
        await using var target = await service.TargetAsync("target-answers", pauseMs: 400);
        var (result, call) = await service.CallToTheEndAsync("call-retransmits-invite", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.True(result.Sent("INVITE") > 1, "The caller had no reason to repeat itself.");
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Single(await service.Process.CallsAsync(), c => c.CallId == call.CallId || c.SipCallId == call.Only("call_started")["sipCallId"]);
    }

    [Fact]
    public async Task An_INVITE_that_is_sent_again_and_again_is_refused_once()
    {
        await using var target = await service.TargetAsync("target-busy", pauseMs: 400);
        var (result, call) = await service.CallToTheEndAsync("call-retransmits-invite-refused", "bridge");

        Assert.True(result.Sent("INVITE") > 1, "The caller had no reason to repeat itself.");
        Assert.Equal("invite busy", call.Outcomes.First());
    }

    [Fact]
    [Trait("RFC", "6026 §7.1")]
    public async Task An_INVITE_that_comes_once_more_after_the_answer_is_absorbed()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-retransmits-invite-when-answered", "bridge", more: "-nr");

        Assert.Equal(["invite answered"], call.Outcomes);
    }

    [Theory]
    [InlineData("call-loses-200")]
    [InlineData("call-loses-ack")]
    [Trait("RFC", "3261 §13.3.1.4")]
    public async Task A_200_is_repeated_until_it_is_acknowledged(string scenario)
    {
        await using var target = await service.TargetAsync("target-answers");
        var (result, call) = await service.CallToTheEndAsync(scenario, "bridge", more: "-nr");

        Assert.True(result.Received.Count(m => m.Status == 200 && m.CSeqMethod == "INVITE") >= 2);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal("hung_up", call.Ended["cause"]);
    }

    [Fact]
    public async Task A_486_is_repeated_until_it_is_acknowledged()
    {
        var (result, call) = await service.CallToTheEndAsync("call-loses-486", "reject_486", more: "-nr");

        Assert.True(result.Received.Count(m => m.Status == 486) >= 2);
        Assert.Equal("rejected", call.Ended["cause"]);
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.4")]
    public async Task A_caller_who_never_acknowledges_is_hung_up_on()
    {
        await using var target = await service.TargetAsync("target-answers", timeout: TimeSpan.FromSeconds(90));
        var (_, call) = await service.CallToTheEndAsync("call-never-acks", "bridge", receiveTimeoutMs: 45_000);
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(("system", "peer_silent"), (call.Ended["endedBy"], call.Ended["cause"]));
    }
}
