using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Peers;

public class BaresipTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_answers_a_call_and_sees_it_end()
    {
        await using var agent = await BaresipAgent.StartAsync();
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = $"127.0.0.1:{agent.Port}",
            Dial = BaresipAgent.User,
        });
        calling.MustSucceed();
        Assert.Equal("incoming", (await agent.WaitForAsync("CALL_ESTABLISHED", s_limit)).Direction);
        await agent.WaitForAsync("CALL_CLOSED", s_limit);
    }

    [Fact]
    public async Task It_calls_and_hangs_up()
    {
        await using var called = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-answers") });
        await using var agent = await BaresipAgent.StartAsync();
        await agent.DialAsync($"sip:service@127.0.0.1:{called.Port}");
        await agent.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await agent.HangUpAsync();
        (await called.WaitAsync()).MustSucceed();
    }

    [Theory]
    [InlineData("refer-answered")]
    [InlineData("refer-answered-caller-hangs-up")]
    public async Task A_calling_scenario_takes_the_REFER_of_a_real_agent(string scenario)
    {
        await using var agent = await BaresipAgent.StartAsync();
        await using var calling = await SippRun.StartAsync(new SippOptions
        {
            Scenario = Scenarios.File(scenario),
            Remote = $"127.0.0.1:{agent.Port}",
            Dial = BaresipAgent.User,
        });
        await agent.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await agent.CommandAsync("transfer", "sip:support@127.0.0.1");
        (await calling.WaitAsync()).MustSucceed();
    }

    [Fact]
    public async Task A_wrong_command_is_refused()
    {
        await using var agent = await BaresipAgent.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => agent.CommandAsync("nosuchcommand"));
    }
}
