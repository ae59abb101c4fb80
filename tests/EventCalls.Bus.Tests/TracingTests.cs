using System.Collections.Concurrent;
using System.Diagnostics;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;
using MassTransit.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests;

/// <summary>MassTransit's own activities, which any collector of traces can listen to: they go with our messages, over both transports.</summary>
/// <remarks>One class: its tests run one after the other, so that the one without a listener has none.</remarks>
public sealed class TracingTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_listens_sees_a_call_published_and_consumed_in_one_trace(bool overBroker)
    {
        var started = Events.Started();
        var stopped = new ConcurrentQueue<Activity>();
        var processed = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiagnosticHeaders.DefaultListenerName,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                stopped.Enqueue(activity);
                if (activity.Kind == ActivityKind.Consumer && MessageOf(activity) == started.EventId.ToString())
                    processed.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var router = new Traced();
        await using var bus = await StartAsync(overBroker, router);

        await bus.TellAsync(started, default).WaitAsync(s_patience);
        var consumed = await processed.Task.WaitAsync(s_patience);

        // Confirmed and consumed may come in either order.
        using var limit = new CancellationTokenSource(s_patience);
        Activity? published;
        while ((published = stopped.SingleOrDefault(a => a.Kind == ActivityKind.Producer && MessageOf(a) == started.EventId.ToString())) is null)
            await Task.Delay(20, limit.Token);
        Assert.Equal(published.TraceId, consumed.TraceId);
        Assert.Equal(published.TraceId, (await router.Seen.WaitAsync(s_patience)).Trace);
        Assert.NotEqual(default, consumed.ParentSpanId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_listener_no_activity_is_made_and_no_message_carries_one(bool overBroker)
    {
        var router = new Traced();
        await using var bus = await StartAsync(overBroker, router);

        await bus.TellAsync(Events.Started(), default).WaitAsync(s_patience);

        Assert.Equal((null, null), await router.Seen.WaitAsync(s_patience));
    }

    private static string? MessageOf(Activity activity) => activity.GetTagItem(DiagnosticHeaders.MessageId) as string;

    private async Task<EventBus> StartAsync(bool overBroker, Traced router)
    {
        if (overBroker)
            await broker.CleanAsync(BusQueues.Router);
        var bus = new EventBus(new BusOptions { RabbitMq = overBroker ? broker.Address : null, DecisionLifeMs = 60_000 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Router, router)], default).WaitAsync(s_patience);
        return bus;
    }

    /// <summary>Keeps what the consumer is in, and what the message says of it.</summary>
    private sealed class Traced : IConsumer<CallStarted>
    {
        private readonly TaskCompletionSource<(ActivityTraceId? Trace, string? Header)> _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(ActivityTraceId? Trace, string? Header)> Seen => _seen.Task;

        public Task Consume(ConsumeContext<CallStarted> context)
        {
            _seen.TrySetResult((Activity.Current?.TraceId, context.Headers.Get<string>(DiagnosticHeaders.ActivityId)));
            return Task.CompletedTask;
        }
    }
}
