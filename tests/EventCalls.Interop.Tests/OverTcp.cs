using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class OverTcp(OverTcp.TcpService service) : IClassFixture<OverTcp.TcpService>
{
    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public async Task A_call_is_bridged()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge", "t1");
        var seen = (await target.WaitAsync()).MustSucceed();

        Assert.Equal("tcp", call.Only("call_started")["transport"]);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Contains("SIP/2.0/TCP", seen.Received.First(m => m.Method == "INVITE").Header("Via"));
    }

    [Fact]
    public async Task A_target_hangs_up()
    {
        await using var target = await service.TargetAsync("target-answers-then-hangs-up");
        var (_, call) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "bridge", "t1");

        Assert.Equal(("target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task A_busy_target_and_a_caller_who_gives_up_end_their_calls()
    {
        await using (var target = await service.TargetAsync("target-busy"))
        {
            var (_, busy) = await service.CallToTheEndAsync("call-rejected-486", "bridge", "t1");
            Assert.Equal("invite busy", busy.Outcomes.First());
        }

        await using (var target = await service.TargetAsync("target-does-not-answer"))
        {
            var (_, cancelled) = await service.CallToTheEndAsync("call-cancelled", "bridge", "t1");
            Assert.Equal("cancelled", cancelled.Ended["cause"]);
        }
    }

    [Theory]
    [InlineData("refer-answered", "refer answered")]
    [InlineData("refer-notify-486", "refer busy")]
    [InlineData("refer-refused-405", "refer not_allowed")]
    public async Task A_call_is_referred(string scenario, string outcome)
    {
        var (_, call) = await service.CallToTheEndAsync(scenario, "refer", "t1");

        Assert.Equal(outcome, call.Outcomes.First());
    }

    [Fact]
    public async Task Calls_are_given_back_redirected_and_rejected()
    {
        var (_, back) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "give_back", "t1");
        var (_, redirected) = await service.CallToTheEndAsync("call-redirected-302", "redirect", "t1");
        var (_, rejected) = await service.CallToTheEndAsync("call-rejected-486", "reject_486", "t1");

        Assert.Equal(["given_back", "redirected", "rejected"], new[] { back, redirected, rejected }.Select(c => c.Ended["cause"]));
    }

    [Fact]
    public async Task A_caller_on_TCP_is_bridged_to_many_targets_at_once()
    {
        const int calls = 20;
        await using var targets = await Testing.SippRun.StartAsync(new Testing.SippOptions
        {
            Scenario = Scenarios.File("target-answers"),
            Port = service.Settings.TargetPort,
            Transport = "t1",
            Calls = calls,
        });
        var result = await Testing.SippRun.RunAsync(new Testing.SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = service.Process.SipAddress,
            Dial = "bridge",
            Transport = "tn",
            Calls = calls,
            Rate = 20,
            CallIdPrefix = "many",
        });

        Assert.Equal(calls, result.MustSucceed().Successful);
        Assert.Equal(calls, (await targets.WaitAsync()).MustSucceed().Successful);
        for (int i = 1; i <= calls; i += 5)
            await service.Process.EndedCallAsync($"many-{i}@127.0.0.1");
    }

    public sealed class TcpService : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with { OutboundTransport = "tcp" };
    }
}
