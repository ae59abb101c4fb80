using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Reliable provisional responses and session timers with SIPp, each leg with its own.</summary>
public class Sessions(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    [Fact]
    public async Task Early_media_is_acknowledged_by_PRACK_on_both_legs()
    {
        await using var target = await service.TargetAsync("target-rings-reliably", pauseMs: 200);
        var (_, call) = await service.CallToTheEndAsync("call-requires-100rel", "bridge");
        var seen = (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal("4711 1 INVITE", seen.Received.Single(m => m.Method == "PRACK").Header("RAck"));
        Assert.Contains("m=audio", seen.Received.First(m => m.Method == "INVITE").Body);
        Assert.Equal("hung_up", call.Ended["cause"]);
    }

    [Fact]
    public async Task A_session_is_negotiated_and_each_side_is_refreshed_by_itself()
    {
        await using var target = await service.TargetAsync("target-is-refreshed");
        var (_, call) = await service.CallToTheEndAsync("call-refreshes", "bridge", pauseMs: 7_000);
        var seen = (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["invite answered"], call.Outcomes);
        // The caller's own refresh is not heard here, and ours of the target has no body.
        Assert.Equal("", seen.Received.Single(m => m.Method == "UPDATE").Body.Trim());
        Assert.Equal("hung_up", call.Ended["cause"]);
    }
}
