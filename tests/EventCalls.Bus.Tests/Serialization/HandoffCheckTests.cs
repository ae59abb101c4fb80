using EventCalls.Bus.Serialization;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Tests.Serialization;

/// <summary>Only who has the key can hand a call off.</summary>
public class HandoffCheckTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private const string Old = "an old key of at least thirty-two characters";
    private const string New = "a new key of at least thirty-two characters.";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly LogLines _log = new();

    public Task InitializeAsync() => broker.CleanAsync(BusQueues.Node("edge-1"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(Old, Old, null, true)]
    [InlineData(Old, New, Old, true)]
    [InlineData(New, New, Old, true)]
    [InlineData(Old, New, null, false)]
    [InlineData(null, New, null, false)]
    public void A_check_is_right_when_it_was_made_with_a_key_the_ingress_has(string? routers, string ingress, string? accepted, bool isRight)
    {
        var check = HandoffCheck.Of(new BusOptions { HandoffKey = ingress, HandoffKeyAccepted = accepted })!;

        string? header = HandoffCheck.Of(new BusOptions { HandoffKey = routers })?.Sign("{}"u8);

        Assert.Equal(isRight, check.IsRight("{}"u8, header));
        Assert.False(check.IsRight("{ }"u8, header));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1:")]
    [InlineData("1:AAAA")]
    [InlineData("1:not base64")]
    [InlineData("2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_check_that_is_none_is_wrong(string header) =>
        Assert.False(HandoffCheck.Of(new BusOptions { HandoffKey = New })!.IsRight("{}"u8, header));

    [Fact]
    public void Without_a_key_nothing_is_checked() => Assert.Null(HandoffCheck.Of(new BusOptions()));

    [Fact]
    public async Task A_handoff_without_the_key_or_with_another_one_is_refused_and_said_once()
    {
        var taken = new Collector<HandoffRequested>();
        await using var ingress = await StartAsync("edge-1", New, Old, new BusEndpoint(BusQueues.Node("edge-1"), taken) { Node = "edge-1" });
        await using var router = await StartAsync("router", New, null);
        await using var lagging = await StartAsync("lagging", Old, null);
        await using var stranger = await StartAsync("stranger", null, null);
        await using var other = await StartAsync("other", "some other key of thirty-two characters", null);

        for (int i = 0; i < 3; i++)
        {
            await stranger.TellAsync(Events.Requested(Events.Started("edge-1")), default).WaitAsync(s_patience);
            await other.TellAsync(Events.Requested(Events.Started("edge-1")), default).WaitAsync(s_patience);
        }
        var right = Events.Requested(Events.Started("edge-1"));
        var late = Events.Requested(Events.Started("edge-1"));
        await router.TellAsync(right, default).WaitAsync(s_patience);
        await lagging.TellAsync(late, default).WaitAsync(s_patience);

        await taken.ArrivedAsync(2);
        Assert.Equal(new[] { right.HandoffId, late.HandoffId }.Order(), taken.Messages.Select(m => m.HandoffId).Order());
        Assert.Single(_log.Of(LogLevel.Error), l => l.Contains("is refused", StringComparison.Ordinal) && l.Contains("EventCalls:Bus:HandoffKey", StringComparison.Ordinal));
        Assert.Equal(0u, await broker.CountAsync(BusQueues.Node("edge-1")));
    }

    private async Task<EventBus> StartAsync(string node, string? key, string? accepted, params BusEndpoint[] endpoints)
    {
        var bus = new EventBus(new BusOptions { RabbitMq = broker.Address, HandoffKey = key, HandoffKeyAccepted = accepted, DecisionLifeMs = 60_000 }, node, _log);
        await bus.StartAsync(endpoints, default).WaitAsync(s_patience);
        return bus;
    }
}
