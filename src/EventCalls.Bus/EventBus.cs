using System.Collections.Concurrent;
using System.Collections.Frozen;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Outage;
using EventCalls.Bus.Sending;
using EventCalls.Bus.Serialization;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus;

/// <summary>The bus of this process, over either transport: its queues' consumers, and what the roles send.</summary>
public sealed class EventBus(BusOptions options, string node, ILoggerFactory loggers) : IJournalBus, IBroker, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<EventBus>();
    private SendAttempts? _attempts;
    private readonly RefusedMessages? _refusals =
        options.RabbitMq is null ? null : new RefusedMessages(options.Description, TimeProvider.System, loggers.CreateLogger<EventBus>());

    private readonly TaskCompletionSource<BusRefusedException> _nameLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeClaim? _claim;
    private BrokerTopology? _topology;
    private volatile FrozenDictionary<Type, Teller> _tellers = FrozenDictionary<Type, Teller>.Empty;
    private IBusControl? _control;
    private readonly ConcurrentDictionary<string, DirectDelivery> _direct = new(StringComparer.Ordinal);
    private readonly List<Type> _consumed = [];
    private volatile FrozenDictionary<Type, DirectDelivery> _directByType = FrozenDictionary<Type, DirectDelivery>.Empty;
    private Func<CallEvent, CancellationToken, Task>? _overBus;
    private QueueConnections? _queues;
    private ISendEndpoint? _recorder;
    private ISendEndpoint? _heartbeats;
    private ISendEndpoint? _reroute;

    /// <summary>Looks after the connection; null without a broker.</summary>
    internal SilentConnection? Connection { get; } = options.RabbitMq is null ? null : new SilentConnection(options, loggers.CreateLogger<EventBus>());

    /// <summary>The bus, for people; holds no secrets.</summary>
    public string Description => options.Description;

    /// <summary>Starts, and consumes the end points; completes when their queues are bound. Keeps trying while the broker is away.</summary>
    /// <param name="endpoints">What is consumed at once.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <param name="later">What <see cref="ConnectAsync"/> will consume; its queues are declared at once.</param>
    /// <exception cref="BusRefusedException">The broker refuses a queue, or another node has our name.</exception>
    public async Task StartAsync(IReadOnlyList<BusEndpoint> endpoints, CancellationToken cancellationToken, params BusEndpoint[] later)
    {
        LogContext.ConfigureCurrentLogContext(new QuietReturns(loggers));
        if (options.RabbitMq is not null)
        {
            _topology = new BrokerTopology(options, [.. endpoints, .. later], TimeProvider.System, _logger);
            await _topology.StartAsync(cancellationToken).ConfigureAwait(false);
            await ClaimAsync(endpoints, cancellationToken).ConfigureAwait(false);
        }
        _control = Connection is null ? BusTopology.InMemory() : BusTopology.RabbitMq(options, $"eventcalls {node}", Connection.Sockets);
        if (Connection is not null)
            _control.ConnectReceiveEndpointObserver(_attempts = new SendAttempts(Connection.LookAsync, TimeProvider.System));
        if (_refusals is not null)
            SayRefusals(_control);
        if (_topology is not null)
            _control.ConnectReceiveEndpointObserver(_topology);
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
        _consumed.AddRange(endpoint.MessageTypes);
        if (endpoint.Direct is { } direct)
            _direct[endpoint.Queue] = direct;
        // What two queues of this process take is sent to both.
        _directByType = _direct.Values.Where(d => _consumed.Count(t => t == d.Type) == 1).ToFrozenDictionary(d => d.Type);
    }

    /// <summary>Has the event consumed in this process, where one of its queues is for it and has a place free; false when it is to go over the bus.</summary>
    public bool HandOver(CallEvent e) => _directByType.TryGetValue(e.GetType(), out var direct) && direct.TryDeliver(e, _overBus ??= TellAsync);

    /// <summary>Completes when another node has taken this one's name: its handoffs go there now.</summary>
    public Task<BusRefusedException> NameLost => _nameLost.Task;

    /// <summary>Consumes one queue no more; completes when what is being consumed is done, and what was only taken ahead is the broker's again.</summary>
    public async Task DisconnectAsync(string queue, CancellationToken cancellationToken)
    {
        if (_direct.TryRemove(queue, out var direct))
            await direct.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_queues is not null)
            await _queues.DisconnectAsync(queue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops to consume; what is being consumed is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _control, null) is not { } control)
            return;
        foreach (var direct in _direct.Values)
            await direct.StopAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_queues is not null)
            await _queues.DisposeAsync().ConfigureAwait(false);
        if (_topology is not null)
            await _topology.DisposeAsync().ConfigureAwait(false);
        await control.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_claim is not null)
            await _claim.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs as long as queues that are lost are looked for; for a broker, after the start.</summary>
    public Task Completion => Started(_queues).Completion;

    /// <summary>Whether the broker is there and all queues are bound.</summary>
    public bool IsConnected => _control?.CheckHealth().Status == BusHealthStatus.Healthy;

    /// <inheritdoc />
    public Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), batch), static (x, token) => x.Endpoint.Send(x.batch, token), cancellationToken);

    /// <inheritdoc />
    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_heartbeats), heartbeat), static (x, token) => x.Endpoint.Send(x.heartbeat, token), cancellationToken);

    /// <summary>Sends a probe into the heartbeats' queue, behind what is there.</summary>
    public Task ProbeHeartbeatsAsync(RecorderProbe probe, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_heartbeats), probe), static (x, token) => x.Endpoint.Send(x.probe, token), cancellationToken);

    /// <summary>Sends a probe into the recorder's queue, behind what is there.</summary>
    public Task ProbeEventsAsync(RecorderProbe probe, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), probe), static (x, token) => x.Endpoint.Send(x.probe, token), cancellationToken);

    /// <inheritdoc />
    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_recorder), version), static (x, token) => x.Endpoint.Send(x.version, token), cancellationToken);

    /// <inheritdoc />
    public async Task TellAsync(TrunkEvent e, CancellationToken cancellationToken)
    {
        try
        {
            await (_attempts is null ? PublishAsync(e, cancellationToken) : _attempts.RunAsync(e, PublishAsync, cancellationToken)).ConfigureAwait(false);
        }
        catch (MessageReturnedException)
        {
            // Nobody subscribes; the recorder has it from the heartbeat.
        }
        catch (Exception why) when (_refusals is not null && RefusedMessages.IsRefusal(why))
        {
            // A subscriber's queue is full: the others have it.
            _refusals.Tell(e.GetType(), why.Message);
        }
    }

    /// <inheritdoc />
    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) =>
        AttemptAsync((Endpoint: Started(_reroute), command, Life: TimeSpan.FromMilliseconds(options.DecisionLifeMs)),
            static (x, token) => x.Endpoint.Send(x.command, Pipe.Execute<SendContext<RerouteCall>>(c => c.TimeToLive = x.Life), token), cancellationToken);

    /// <inheritdoc />
    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) => TellAsync(started, cancellationToken);

    async Task<Taker> IJournalBus.SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        await SendAsync(batch, cancellationToken).ConfigureAwait(false);
        return Taker.Bus;
    }

    Task IJournalBus.TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken) => TellAsync(e, isActedOn, cancellationToken);

    /// <inheritdoc />
    public Task TellAsync(CallEvent e, CancellationToken cancellationToken) => TellAsync(e, isActedOn: false, cancellationToken);

    /// <inheritdoc />
    public Task TellLateAsync(CallEvent e, CancellationToken cancellationToken) => TellAsync(e, isActedOn: true, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await StopAsync(limit.Token).ConfigureAwait(false);
    }

    /// <summary>Publishes the event as a typed message, for those who act on it or, when it is acted on already, for those who want to know.</summary>
    public Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken)
    {
        if (!_tellers.TryGetValue(e.GetType(), out var teller) || !teller.IsHeard(isActedOn))
            return Task.CompletedTask;
        return e is HandoffRequested handoff && _attempts is not null && !isActedOn
            ? TellNodeAsync(_attempts, teller, handoff, cancellationToken)
            : AttemptAsync((teller, e, isActedOn), static (x, token) => x.teller.TellAsync(x.e, x.isActedOn, token), cancellationToken);
    }

    private Task PublishAsync(TrunkEvent e, CancellationToken cancellationToken)
    {
        var stamp = Pipe.Execute<PublishContext>(send => send.MessageId = e.EventId);
        return e is TrunkDown down ? Started(_control).Publish(down, stamp, cancellationToken) : Started(_control).Publish((TrunkUp)e, stamp, cancellationToken);
    }

    private Task<ISendEndpoint> EndpointOfAsync(string queue) =>
        Started(_control).GetSendEndpoint(new Uri((options.RabbitMq is null ? "queue:" : "exchange:") + queue));

    private Task AttemptAsync<T>(T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken) =>
        _attempts is null ? send(what, cancellationToken) : UntilTakenAsync(_attempts, what, send, cancellationToken);

    // A node's queue is made by the node alone. It is missing for a moment at most, or the node is gone, and its calls with it.
    private async Task TellNodeAsync(SendAttempts attempts, Teller teller, HandoffRequested handoff, CancellationToken cancellationToken)
    {
        try
        {
            await attempts.RunAsync((teller, handoff), static (x, token) => x.teller.TellAsync(x.handoff, isActedOn: false, token), cancellationToken).ConfigureAwait(false);
        }
        catch (MessageReturnedException) when (TimeProvider.System.GetUtcNow() - handoff.OccurredAt > TimeSpan.FromMilliseconds(options.DecisionLifeMs))
        {
            _logger.LogWarning("No queue takes the handoff {Handoff} of the call {Call}: the node {Node} is gone", handoff.HandoffId, handoff.CallId, handoff.Node);
        }
        catch (MessageReturnedException e)
        {
            throw new IOException($"the node {handoff.Node} has no queue on the broker", e);
        }
    }

    // What came back was confirmed by the broker, but no queue has it.
    private async Task UntilTakenAsync<T>(SendAttempts attempts, T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        long sentAt = TimeProvider.System.GetTimestamp();
        try
        {
            await attempts.RunAsync(what, send, cancellationToken).ConfigureAwait(false);
        }
        catch (MessageReturnedException)
        {
            await _topology!.OnReturnedAsync(sentAt, cancellationToken).ConfigureAwait(false);
            await attempts.RunAsync(what, send, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void SayRefusals(IBusControl control)
    {
        var refusals = new RefusalsAtOnce();
        control.ConnectSendObserver(refusals);
        control.ConnectPublishObserver(refusals);
    }

    private static T Started<T>(T? started)
        where T : class => started ?? throw new InvalidOperationException("The bus is not started.");

    private async Task TellAsync(IEnumerable<Type> types)
    {
        var tellers = _tellers.ToDictionary();
        foreach (var type in types)
            tellers[type] = await Teller.CreateAsync(Started(_control), type, LifeOf(type), _refusals).ConfigureAwait(false);
        _tellers = tellers.ToFrozenDictionary();
    }

    // A router that comes back after an hour must not decide calls that are long over.
    private TimeSpan? LifeOf(Type type) => type == typeof(CallStarted) ? TimeSpan.FromMilliseconds(options.DecisionLifeMs) : null;

    private async Task ClaimAsync(IReadOnlyList<BusEndpoint> endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.FirstOrDefault(e => e.Node is not null) is not { } own)
            return;
        _claim = new NodeClaim(options, own.Node!, TimeProvider.System, _logger);
        await _claim.TakeAsync(cancellationToken).ConfigureAwait(false);
        _ = LeaveAsync(_claim, own.Queue);
    }

    // Whoever has the name now gets its handoffs, all of them.
    private async Task LeaveAsync(NodeClaim claim, string queue)
    {
        var why = await claim.Lost.ConfigureAwait(false);
        try
        {
            await DisconnectAsync(queue, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _nameLost.TrySetResult(why);
        }
    }
}
