using EventCalls.Bus.Client;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Client;

/// <summary>An application's own MassTransit on a broker gets the events that are routed by key, by one line for its end point.</summary>
public sealed class RoutedEventTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // A broker for each test: who is first declares the exchanges.
    private readonly RabbitMqFixture _broker = new();

    public Task InitializeAsync() => _broker.InitializeAsync();

    public Task DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_point_bound_to_a_routed_event_gets_all_of_them_whoever_comes_first(bool applicationFirst)
    {
        var calls = new Collector<CallStarted>();
        var handoffs = new Collector<HandoffRequested>();
        var application = Application(calls, handoffs);
        if (applicationFirst)
            await application.StartAsync(default).WaitAsync(s_patience);
        await using var bus = new EventBus(new BusOptions { RabbitMq = _broker.Address, DecisionLifeMs = 60_000 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([], default).WaitAsync(s_patience);
        if (!applicationFirst)
            await application.StartAsync(default).WaitAsync(s_patience);
        var asked = Events.Started();
        var decided = Events.Started();

        // One that a router is asked about, one that its node decides, and what becomes of both.
        await bus.TellAsync(asked, default).WaitAsync(s_patience);
        await bus.TellLateAsync(decided, default).WaitAsync(s_patience);
        await bus.TellAsync(Events.Requested(asked), default).WaitAsync(s_patience);
        await bus.TellLateAsync(Events.Requested(decided), default).WaitAsync(s_patience);
        await calls.ArrivedAsync(2);
        await handoffs.ArrivedAsync(2);

        Assert.Equivalent(asked, calls.Messages.Single(c => c.EventId == asked.EventId), strict: true);
        Assert.Equal(new[] { asked.CallId, decided.CallId }.Order(), calls.Messages.Select(c => c.CallId).Order());
        Assert.Equal(new[] { asked.CallId, decided.CallId }.Order(), handoffs.Messages.Select(h => h.CallId).Order());
        await application.StopAsync(default).WaitAsync(s_patience);
    }

    private IBusControl Application(Collector<CallStarted> calls, Collector<HandoffRequested> handoffs) => MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(_broker.Address);
        rabbit.UseEventCalls();
        rabbit.ReceiveEndpoint("an-application", e =>
        {
            e.BindRoutedEvent<CallStarted>();
            e.BindRoutedEvent<HandoffRequested>();
            e.Instance(calls);
            e.Instance(handoffs);
        });
    });
}
