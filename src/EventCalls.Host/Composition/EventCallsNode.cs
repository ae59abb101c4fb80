using EventCalls.Contracts;
using EventCalls.Host.Bus;
using EventCalls.Host.Configuration;
using EventCalls.Routing;
using EventCalls.Routing.Consumers;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Telephony;

namespace EventCalls.Host.Composition;

/// <summary>A process put together: the roles it has, their bus and, for the recorder, the store.</summary>
/// <remarks>
/// Up goes from the record to the calls: store, bus (the recorder's queue is bound before anything is sent), logic, and last the SIP
/// sockets. Down goes the other way: calls end, their events leave the journal, the recorder stores them.
/// </remarks>
internal sealed partial class EventCallsNode : IAsyncDisposable
{
    // The queue of a node that never comes back does not stay for ever.
    private static readonly TimeSpan s_nodeQueueLife = TimeSpan.FromDays(1);
    private const int RecorderConcurrency = 64;
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(30);

    private readonly Settings _settings;
    private readonly IReadOnlySet<Role> _roles;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BusPort _port = new();
    private readonly CallJournal _journal;
    private readonly EventBus _bus;
    private readonly List<BusEndpoint> _endpoints = [];
    private readonly BusEndpoint? _routerEndpoint;
    private readonly AppendQueue? _appends;
    private readonly LostNodeSweeper? _sweeper;
    private bool _stopped;

    public EventCallsNode(Settings settings, IReadOnlySet<Role> roles, TimeProvider time, ILoggerFactory loggers)
    {
        _settings = settings;
        _roles = roles;
        _time = time;
        _since = time.GetUtcNow();
        _logger = loggers.CreateLogger<EventCallsNode>();
        string node = settings.Telephony.Node;
        _journal = new CallJournal(_port, new JournalOptions { Source = node, GatherMs = settings.Bus.GatherMs }, time, loggers.CreateLogger<CallJournal>());
        if (roles.Contains(Role.Recorder))
        {
            Store = CallStoreFactory.Open(settings.Store);
            _appends = new AppendQueue(Store, settings.Recorder, time, loggers.CreateLogger<AppendQueue>());
            var heartbeats = new ProbedQueue((probe, ct) => _bus!.ProbeHeartbeatsAsync(probe, ct), settings.LostNodes, time);
            var events = new ProbedQueue((probe, ct) => _bus!.ProbeEventsAsync(probe, ct), settings.LostNodes, time);
            string? ownNode = roles.Contains(Role.Ingress) ? node : null;
            _sweeper = new LostNodeSweeper(Store, heartbeats, events, ownNode, settings.LostNodes, time, loggers.CreateLogger<LostNodeSweeper>());
            var heartbeatConsumer = new NodeHeartbeatConsumer(Store, settings.Recorder, time, loggers.CreateLogger<NodeHeartbeatConsumer>());
            _endpoints.Add(new BusEndpoint(BusQueues.Heartbeats, new CountingConsumer<NodeHeartbeat>(heartbeatConsumer, _port), new RecorderProbeConsumer(heartbeats))
            {
                // One after the other: so a probe comes back behind what was sent before it, and a recorder that froze keeps one heartbeat from the others.
                Prefetch = 1,
                Concurrency = 1,
            });
            _endpoints.Add(new BusEndpoint(
                BusQueues.Recorder,
                new CountingConsumer<CallEventBatch>(new CallEventBatchConsumer(_appends), _port),
                new RecorderProbeConsumer(events, _appends),
                // Nodes of the version before send them here.
                heartbeatConsumer,
                new LogicVersionLoadedConsumer(Store, settings.Recorder, time, loggers.CreateLogger<LogicVersionLoadedConsumer>()))
            {
                // A batch may wait for the one with its events' causes, and must not keep that one from being consumed.
                Prefetch = Math.Max(settings.Bus.Prefetch, RecorderConcurrency),
                Concurrency = RecorderConcurrency,
            });
        }
        if (roles.Contains(Role.Router))
        {
            Router = new Router(settings.Router, _journal, _port, settings.Lookups, time, loggers.CreateLogger<Router>());
            _routerEndpoint = new BusEndpoint(BusQueues.Router, new CallStartedConsumer(Router), new RerouteCallConsumer(Router)) { Prefetch = settings.Bus.Prefetch };
        }
        if (roles.Contains(Role.Ingress))
        {
            Ingress = new IngressService(settings.Telephony, _journal, _port, time, loggers.CreateLogger<IngressService>());
            _endpoints.Add(new BusEndpoint(BusQueues.Node(node), new HandoffRequestedConsumer(Ingress)) { Node = node, Concurrency = 1, Expires = s_nodeQueueLife });
        }
        _bus = new EventBus(settings.Bus, node, loggers);
    }

    /// <summary>The ingress, when this process has the role.</summary>
    public IngressService? Ingress { get; }

    /// <summary>The router, when this process has the role.</summary>
    public Router? Router { get; }

    /// <summary>The store, when this process has the recorder's role.</summary>
    public ICallStore? Store { get; }

    /// <summary>Completes when all is up; waits for a store or a broker that is not there yet.</summary>
    /// <exception cref="EventCalls.Sip.Transport.ListenException">A SIP end point is in use or not ours.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_settings.UsesSampleTrunks && Ingress is not null)
            LogSampleTrunks();
        if (_settings.HttpListen is { } http)
            LogNoHttp(http);
        if (Store is not null)
            await MigrateAsync(Store, cancellationToken).ConfigureAwait(false);
        // Compiling takes longest and needs the bus only at its end.
        var routing = Router?.StartAsync(cancellationToken) ?? Task.CompletedTask;
        await _bus.StartAsync(_endpoints, cancellationToken).ConfigureAwait(false);
        _port.Open(_bus);
        await routing.ConfigureAwait(false);
        // Not before there is logic to decide with: other nodes' calls may be waiting already.
        if (_routerEndpoint is not null)
            await _bus.ConnectAsync(_routerEndpoint, cancellationToken).ConfigureAwait(false);
        if (_sweeper is not null)
            await _sweeper.StartAsync(cancellationToken).ConfigureAwait(false);
        if (Ingress is not null)
        {
            await Ingress.StartAsync(cancellationToken).ConfigureAwait(false);
            LogListening(string.Join(", ", Ingress.Listening));
        }
        _ready = true;
    }

    /// <summary>Ends the open calls after their grace, and completes when all they left is stored or on the broker. Cancelled: the grace is over at once.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        if (Ingress is not null)
        {
            await Ingress.DrainAsync(TimeSpan.FromSeconds(_settings.DrainSeconds), cancellationToken).ConfigureAwait(false);
            await Ingress.DisposeAsync().ConfigureAwait(false);
        }
        using var limit = new CancellationTokenSource(s_flushLimit, _time);
        await _journal.DrainAsync(limit.Token).ConfigureAwait(false);
        if (_settings.Bus.RabbitMq is null)
            await FlushAsync(limit.Token).ConfigureAwait(false);
        await _bus.StopAsync(limit.Token).ConfigureAwait(false);
        if (_sweeper is not null)
            await _sweeper.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Ingress is not null)
            await Ingress.DisposeAsync().ConfigureAwait(false);
        _port.Open(_bus);
        await _journal.DisposeAsync().ConfigureAwait(false);
        await _bus.DisposeAsync().ConfigureAwait(false);
        _sweeper?.Dispose();
        if (Router is not null)
            await Router.DisposeAsync().ConfigureAwait(false);
        if (_appends is not null)
            await _appends.DisposeAsync().ConfigureAwait(false);
        if (Store is not null)
            await Store.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until the recorder of this process has stored what the bus in memory holds: the bus loses it when it stops.</summary>
    private async Task FlushAsync(CancellationToken limit)
    {
        while (_port.Unrecorded > 0 && !limit.IsCancellationRequested)
            await Task.Delay(20, CancellationToken.None).ConfigureAwait(false);
        if (_port.Unrecorded > 0)
            LogNotRecorded(_port.Unrecorded);
    }

    private async Task MigrateAsync(ICallStore store, CancellationToken cancellationToken)
    {
        var backOff = new Bus.BackOff();
        while (true)
        {
            try
            {
                await store.MigrateAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StoreUnreachableException e)
            {
                LogStoreAway(e.Message);
                await Task.Delay(backOff.Next(), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No trunk is configured: calls from this machine come in as trunk 'carrier', and the outbound endpoint 'pstn' is udp 127.0.0.1:5080")]
    private partial void LogSampleTrunks();

    [LoggerMessage(Level = LogLevel.Warning, Message = "EventCalls:Http:Listen is {Address}; this version serves no HTTP yet")]
    private partial void LogNoHttp(Uri address);

    [LoggerMessage(Level = LogLevel.Information, Message = "SIP listens on {EndPoints}")]
    private partial void LogListening(string endPoints);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be used yet; trying again: {Problem}")]
    private partial void LogStoreAway(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Messages} messages of events could not be stored before the stop")]
    private partial void LogNotRecorded(long messages);
}
