using System.Collections.Frozen;
using EventCalls.Contracts;
using EventCalls.Host.Bus.Serialization;
using EventCalls.Routing;
using EventCalls.Telephony;
using MassTransit;

namespace EventCalls.Host.Bus;

/// <summary>The bus of this process, over either transport: its queues' consumers, and what the roles send.</summary>
internal sealed class EventBus(BusOptions options, string node, ILoggerFactory loggers) : IJournalBus, INodeMessages, ILogicVersionSink, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<EventBus>();
    private readonly SendAttempts? _attempts = options.RabbitMq is null ? null : new SendAttempts();
    private volatile FrozenDictionary<Type, Teller> _tellers = FrozenDictionary<Type, Teller>.Empty;
    private IBusControl? _control;
    private QueueConnections? _queues;
    private ISendEndpoint? _recorder;
    private ISendEndpoint? _heartbeats;
    private ISendEndpoint? _reroute;

    /// <summary>The bus, for people; holds no secrets.</summary>
    public string Description => options.Description;

    /// <summary>Starts, and consumes the end points; completes when their queues are bound. Keeps trying while the broker is away.</summary>
    public async Task StartAsync(IReadOnlyList<BusEndpoint> endpoints, CancellationToken cancellationToken)
    {
        LogContext.ConfigureCurrentLogContext(loggers);
        if (options.RabbitMq is not null)
            await DeclareAsync(endpoints, cancellationToken).ConfigureAwait(false);
        _control = options.RabbitMq is null ? BusTopology.InMemory() : BusTopology.RabbitMq(options, $"eventcalls {node}");
        if (_attempts is not null)
            _control.ConnectReceiveEndpointObserver(_attempts);
        await _control.StartAsync(cancellationToken).ConfigureAwait(false);
        _queues = new QueueConnections(_control, options, _logger);
        _recorder = await EndpointOfAsync(BusQueues.Recorder).ConfigureAwait(false);
        _heartbeats = await EndpointOfAsync(BusQueues.Heartbeats).ConfigureAwait(false);
        _reroute = await _control.GetPublishSendEndpoint<RerouteCall>().ConfigureAwait(false);
        if (options.RabbitMq is not null)
            await TellAsync(BusMessageTypes.Events).ConfigureAwait(false);
        foreach (var endpoint in endpoints)
            await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Consumes one more queue; completes when it is bound, so that what is published from then on is consumed.</summary>
    public async Task ConnectAsync(BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        await Started(_queues).ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
        // Inside one process we know every subscriber: what none of them takes is not serialised and sent to nobody.
        if (options.RabbitMq is null)
            await TellAsync(BusMessageTypes.Events.Intersect(endpoint.MessageTypes)).ConfigureAwait(false);
    }

    /// <summary>Stops to consume; what is being consumed is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _control, null) is not { } control)
            return;
        if (_queues is not null)
            await _queues.DisposeAsync().ConfigureAwait(false);
        await control.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the broker is there and all queues are bound.</summary>
    public bool IsConnected => _control?.CheckHealth().Status == BusHealthStatus.Healthy;

    public Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), batch), static (x, token) => x.Endpoint.Send(x.batch, token), cancellationToken);

    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_heartbeats), heartbeat), static (x, token) => x.Endpoint.Send(x.heartbeat, token), cancellationToken);

    /// <summary>Sends a probe into the heartbeats' queue, behind what is there.</summary>
    public Task ProbeHeartbeatsAsync(RecorderProbe probe, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_heartbeats), probe), static (x, token) => x.Endpoint.Send(x.probe, token), cancellationToken);

    /// <summary>Sends a probe into the recorder's queue, behind what is there.</summary>
    public Task ProbeEventsAsync(RecorderProbe probe, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), probe), static (x, token) => x.Endpoint.Send(x.probe, token), cancellationToken);

    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), version), static (x, token) => x.Endpoint.Send(x.version, token), cancellationToken);

    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_reroute), command, Life: TimeSpan.FromMilliseconds(options.DecisionLifeMs)),
            static (x, token) => x.Endpoint.Send(x.command, Pipe.Execute<SendContext<RerouteCall>>(c => c.TimeToLive = x.Life), token), cancellationToken);

    public Task TellAsync(CallEvent e, CancellationToken cancellationToken) =>
        _tellers.TryGetValue(e.GetType(), out var teller)
            ? AttemptAsync((teller, e), static (x, token) => x.teller.TellAsync(x.e, token), cancellationToken)
            : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await StopAsync(limit.Token).ConfigureAwait(false);
    }

    private Task<ISendEndpoint> EndpointOfAsync(string queue) =>
        Started(_control).GetSendEndpoint(new Uri((options.RabbitMq is null ? "queue:" : "exchange:") + queue));

    private Task AttemptAsync<T>(T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken) =>
        _attempts is null ? send(what, cancellationToken) : _attempts.RunAsync(what, send, cancellationToken);

    private static T Started<T>(T? started)
        where T : class => started ?? throw new InvalidOperationException("The bus is not started.");

    private async Task TellAsync(IEnumerable<Type> types)
    {
        var tellers = _tellers.ToDictionary();
        foreach (var type in types)
            tellers[type] = await Teller.CreateAsync(Started(_control), type, LifeOf(type)).ConfigureAwait(false);
        _tellers = tellers.ToFrozenDictionary();
    }

    // A router that comes back after an hour must not decide calls that are long over.
    private TimeSpan? LifeOf(Type type) => type == typeof(CallStarted) ? TimeSpan.FromMilliseconds(options.DecisionLifeMs) : null;

    private async Task DeclareAsync(IReadOnlyList<BusEndpoint> endpoints, CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (true)
        {
            try
            {
                await RabbitMqDeclaration.DeclareAsync(options, endpoints, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsUnreachable(e))
            {
                _logger.LogWarning("{Bus} cannot be reached ({Reason}); trying again", options.Description, e.InnerException?.Message ?? e.Message);
                await Task.Delay(backOff.Next(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsUnreachable(Exception e) =>
        e is RabbitMQ.Client.Exceptions.BrokerUnreachableException or RabbitMQ.Client.Exceptions.OperationInterruptedException or IOException or TimeoutException;
}
