using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>The main paths once more, on a real broker and a real database.</summary>
public class RabbitMqAndPostgres(RabbitMqAndPostgres.ServersService service) : IClassFixture<RabbitMqAndPostgres.ServersService>
{
    [Theory]
    [InlineData("call-answered", "bridge", "target-answers", "invite answered", "hung_up")]
    [InlineData("call-answered-peer-hangs-up", "bridge", "target-answers-then-hangs-up", "invite answered", "hung_up")]
    [InlineData("call-rejected-486", "bridge", "target-busy", "invite busy", "rejected")]
    [InlineData("call-cancelled", "bridge", "target-does-not-answer", "invite caller_hung_up", "cancelled")]
    [InlineData("refer-answered", "refer", null, "refer answered", "transferred")]
    [InlineData("refer-notify-486", "refer", null, "refer busy", null)]
    [InlineData("refer-refused-405", "refer", null, "refer not_allowed", null)]
    [InlineData("refer-silent", "refer_briefly", null, "refer no_notify", null)]
    [InlineData("refer-refused-405-then-talks", "refer_or_bridge", "target-answers", "refer not_allowed", "hung_up")]
    [InlineData("call-answered-peer-hangs-up", "give_back", null, "bye accepted", "given_back")]
    [InlineData("call-redirected-302", "redirect", null, "redirect accepted", "redirected")]
    [InlineData("call-rejected-486", "reject_486", null, "reject accepted", "rejected")]
    [InlineData("call-rejected-480", "throws", null, "reject accepted", "rejected")]
    public async Task A_call_ends_as_on_the_embedded_defaults(string scenario, string flow, string? targetScenario, string outcome, string? cause)
    {
        await using var target = targetScenario is null ? null : await service.TargetAsync(targetScenario);
        var (_, call) = await service.CallToTheEndAsync(scenario, flow);

        Assert.Equal(outcome, call.Outcomes.First());
        if (cause is not null)
            Assert.Equal(cause, call.Ended["cause"]);
    }

    public sealed class ServersService : EmbeddedService
    {
        private protected override (bool Broker, bool Database) Servers => (true, true);
    }
}
