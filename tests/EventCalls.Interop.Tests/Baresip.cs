using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>A real user agent, that follows no scenario.</summary>
public class Baresip(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task It_takes_a_REFER_and_reports_until_it_is_answered(string transport)
    {
        await using var target = await service.TargetAsync("target-answers-then-hangs-up");
        await using var agent = await BaresipAgent.StartAsync(transport: transport);
        await agent.DialAsync($"sip:refer_to_target@{service.Process.SipAddress};transport={transport}");
        // The first call is answered so that it can be referred, the second is the one it was referred to.
        await agent.WaitForAsync("CALL_ESTABLISHED", s_limit, count: 2);
        (await target.WaitAsync()).MustSucceed();

        var call = await FirstCallOfAsync(agent);
        Assert.Equal(["refer answered"], call.Outcomes);
        Assert.Contains(call.Events, e => e.Type == "transfer_progressed" && e["source"] == "notify");
        Assert.Equal("transferred", call.Ended["cause"]);
    }

    [Fact]
    public async Task It_takes_a_REFER_and_reports_that_the_target_is_busy()
    {
        await using var target = await service.TargetAsync("target-busy");
        await using var agent = await BaresipAgent.StartAsync();
        await agent.DialAsync($"sip:refer_to_target@{service.Process.SipAddress}");
        (await target.WaitAsync()).MustSucceed();

        var call = await FirstCallOfAsync(agent);
        Assert.Equal("refer busy", call.Outcomes.First());
        await agent.WaitForAsync("CALL_CLOSED", s_limit);
    }

    [Fact]
    public async Task It_is_bridged_to_another_one()
    {
        // The target's address is the endpoint's, so the agent takes whatever is dialled there.
        await using var target = await service.TargetAsync("target-answers");
        await using var agent = await BaresipAgent.StartAsync();
        await agent.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await agent.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await agent.HangUpAsync();
        (await target.WaitAsync()).MustSucceed();

        var call = await FirstCallOfAsync(agent);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    private Task<CallStream> FirstCallOfAsync(BaresipAgent agent) =>
        service.Process.EndedCallAsync(agent.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
}
