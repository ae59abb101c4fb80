using System.Collections.Frozen;
using EventCalls.Contracts;
using EventCalls.Host.Bus.Serialization;
using EventCalls.Telephony;
using MassTransit;

namespace EventCalls.Host.Bus;

/// <summary>The bus of this process, over either transport: its queues' consumers, and what the roles send.</summary>
internal sealed class EventBus : IJournalBus, INodeMessages, IAsyncDisposable
{
    private readonly BusOptions _options;
    private readonly IReadOnlyList<BusEndpoint> _endpoints;
    private readonly ILogger _logger;
    private readonly IBusControl _control;
    private FrozenDictionary<Type, Teller> _tellers = FrozenDictionary<Type, Teller>.Empty;
    private ISendEndpoint? _recorder;
    private readonly SendAttempts? _attempts;
    private ISendEndpoint? _reroute;
    private bool _started;

    public EventBus(BusOptions options, string node, IReadOnlyList<BusEndpoint> endpoints, ILoggerFactory loggers)
    {
        _options = options;
        _endpoints = endpoints;
        _logger = loggers.CreateLogger<EventBus>();
        LogContext.ConfigureCurrentLogContext(loggers);
        _control = options.RabbitMq is null
            ? BusTopology.InMemory(options, endpoints)
            : BusTopology.RabbitMq(options, endpoints, $"eventcalls {node}");
        if (options.RabbitMq is null)
            return;
        _attempts = new SendAttempts();
        _control.ConnectReceiveEndpointObserver(_attempts);
    }

    /// <summary>Starts to consume; completes when all queues are bound. Keeps trying while the broker is away.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.RabbitMq is not null)
            await DeclareAsync(cancellationToken).ConfigureAwait(false);
        await _control.StartAsync(cancellationToken).ConfigureAwait(false);
        _started = true;
        _recorder = await _control.GetSendEndpoint(new Uri((_options.RabbitMq is null ? "queue:" : "exchange:") + BusQueues.Recorder)).ConfigureAwait(false);
        _reroute = await _control.GetPublishSendEndpoint<RerouteCall>().ConfigureAwait(false);
        var tellers = new Dictionary<Type, Teller>();
        var consumed = _endpoints.SelectMany(e => e.MessageTypes).ToHashSet();
        foreach (var type in BusMessageTypes.Events)
        {
            // Inside one process we know every subscriber: what none of them takes is not serialised and sent to nobody.
            if (_options.RabbitMq is null && !consumed.Contains(type))
                continue;
            tellers[type] = await Teller.CreateAsync(_control, type, LifeOf(type)).ConfigureAwait(false);
        }
        _tellers = tellers.ToFrozenDictionary();
    }

    /// <summary>Stops to consume; what is being consumed is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_started)
            return;
        _started = false;
        await _control.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether all queues are bound and the broker is there; otherwise what is wrong, for people.</summary>
    public (bool Healthy, string Description) Health()
    {
        var health = _control.CheckHealth();
        return (health.Status == BusHealthStatus.Healthy, health.Description);
    }

    public Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), batch), static (x, token) => x.Endpoint.Send(x.batch, token), cancellationToken);

    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), heartbeat), static (x, token) => x.Endpoint.Send(x.heartbeat, token), cancellationToken);

    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), version), static (x, token) => x.Endpoint.Send(x.version, token), cancellationToken);

    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_reroute), command, Life: TimeSpan.FromMilliseconds(_options.DecisionLifeMs)),
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

    private Task AttemptAsync<T>(T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken) =>
        _attempts is null ? send(what, cancellationToken) : _attempts.RunAsync(what, send, cancellationToken);

    private static ISendEndpoint Started(ISendEndpoint? endpoint) =>
        endpoint ?? throw new InvalidOperationException("The bus is not started.");

    // A router that comes back after an hour must not decide calls that are long over.
    private TimeSpan? LifeOf(Type type) => type == typeof(CallStarted) ? TimeSpan.FromMilliseconds(_options.DecisionLifeMs) : null;

    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (true)
        {
            try
            {
                await RabbitMqDeclaration.DeclareAsync(_options, _endpoints, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsUnreachable(e))
            {
                _logger.LogWarning("{Bus} cannot be reached ({Reason}); trying again", _options.Description, e.InnerException?.Message ?? e.Message);
                await Task.Delay(backOff.Next(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsUnreachable(Exception e) =>
        e is RabbitMQ.Client.Exceptions.BrokerUnreachableException or RabbitMQ.Client.Exceptions.OperationInterruptedException or IOException or TimeoutException;
}
