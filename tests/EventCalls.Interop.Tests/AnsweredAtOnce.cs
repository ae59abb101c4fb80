using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary><c>Calls:Answer</c> = <c>immediately</c>: every handoff finds the caller answered.</summary>
public class AnsweredAtOnce(AnsweredAtOnce.AnsweringService service) : IClassFixture<AnsweredAtOnce.AnsweringService>
{
    [Fact]
    public async Task A_call_is_given_back_with_BYE_and_headers()
    {
        var (result, call) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "give_back");

        var bye = result.Received.First(m => m.Method == "BYE");
        Assert.Equal("no-agent", bye.Header("X-Return-Reason"));
        Assert.Contains("No agent is free", bye.Header("Reason"));
        Assert.Equal(["bye accepted"], call.Outcomes);
        Assert.Equal(("system", "given_back"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task A_rejection_is_a_BYE_with_the_reason()
    {
        var (result, call) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "reject_486");

        Assert.Contains("486", result.Received.First(m => m.Method == "BYE").Header("Reason"));
        Assert.Equal("rejected", call.Ended["cause"]);
    }

    [Fact]
    [Trait("RFC", "3725 §4")]
    public async Task A_bridge_connects_the_caller_by_re_INVITE()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-connected-later", "bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task A_call_is_referred()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-answered", "refer");

        Assert.Equal(["refer answered"], call.Outcomes);
    }

    public sealed class AnsweringService : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) =>
            settings with { More = new Dictionary<string, string> { ["Calls__Answer"] = "immediately" } };
    }
}
