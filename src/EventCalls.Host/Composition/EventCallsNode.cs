using EventCalls.Bus;
using EventCalls.Bus.Commands;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Routing;
using EventCalls.Routing.Consumers;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Telephony.Ingress;

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

    // A handoff is with its shard as soon as it is taken.
    private const int HandoffConcurrency = 1024;
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_hurriedFlushLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_busStopLimit = TimeSpan.FromSeconds(5);

    // What is in the spool is safe: a store that takes nothing is not waited for to the limit.
    private static readonly TimeSpan s_quietStore = TimeSpan.FromSeconds(5);

    // Consumers of this process that wait for the store give up: what they have comes again from the broker, or the spool has it.
    private readonly CancellationTokenSource _waitsNoMore = new();
    private readonly Settings _settings;
    private readonly IReadOnlySet<Role> _roles;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Supervision _supervision;
    private readonly BusPort _port = new();
    private readonly CallJournal _journal;
    private readonly EventBus _bus;
    private readonly CallCommands _commands;
    private readonly List<BusEndpoint> _endpoints = [];
    private readonly BusEndpoint? _routerEndpoint;
    private readonly AppendQueue? _appends;
    private readonly LostNodeSweeper? _sweeper;
    private readonly RetentionSweeper? _retention;
    private Spool? _spool;
    private SpoolFeed? _feed;
    private NodeNameClaim? _name;
    private Task _joining = Task.CompletedTask;
    private IAsyncDisposable? _console;
    private IAsyncDisposable? _webhooks;
    private IDisposable? _telemetry;
    private bool _stopped;

    public EventCallsNode(Settings settings, IReadOnlySet<Role> roles, TimeProvider time, ILoggerFactory loggers)
    {
        _settings = settings;
        _roles = roles;
        _time = time;
        _loggers = loggers;
        _since = time.GetUtcNow();
        _logger = loggers.CreateLogger<EventCallsNode>();
        _supervision = new Supervision(_logger);
        string node = settings.Telephony.Node;
        _journal = new CallJournal(_port, new JournalOptions { Source = node, GatherMs = settings.Bus.GatherMs }, time, loggers.CreateLogger<CallJournal>());
        _supervision.Watch("the journal", _journal.Completion);
        if (RoleSettings.UsesStore(settings, roles))
            Store = StoreChoice.Open(settings.Store);
        if (roles.Contains(Role.Recorder))
        {
            _appends = new AppendQueue(Store!, settings.Recorder, time, loggers.CreateLogger<AppendQueue>());
            _supervision.Watch("the recorder", _appends.Completion);
            var heartbeats = new ProbedQueue((probe, ct) => _bus!.ProbeHeartbeatsAsync(probe, ct), settings.LostNodes, time);
            var events = new ProbedQueue((probe, ct) => _bus!.ProbeEventsAsync(probe, ct), settings.LostNodes, time);
            string? ownNode = roles.Contains(Role.Ingress) ? node : null;
            _sweeper = new LostNodeSweeper(Store!, heartbeats, events, ownNode, settings.LostNodes, time, loggers.CreateLogger<LostNodeSweeper>(),
                (e, ct) => _bus!.TellAsync(e, ct));
            _retention = new RetentionSweeper(Store!, (ICallKeeping)Store!, settings.Store.Retention, time, loggers.CreateLogger<RetentionSweeper>(), RecordingDeletion.Of(settings.Telephony));
            var heartbeatConsumer = new NodeHeartbeatConsumer(Store!, settings.Recorder, time, loggers.CreateLogger<NodeHeartbeatConsumer>(), _waitsNoMore.Token);
            _endpoints.Add(new BusEndpoint(BusQueues.Heartbeats, new CountingConsumer<NodeHeartbeat>(heartbeatConsumer, _port), new RecorderProbeConsumer(heartbeats))
            {
                // One after the other: so a probe comes back behind what was sent before it, and a recorder that froze keeps one heartbeat from the others.
                Prefetch = 1,
                Concurrency = 1,
            });
            _endpoints.Add(new BusEndpoint(
                BusQueues.Recorder,
                new CallEventBatchConsumer(_appends),
                new RecorderProbeConsumer(events, _appends),
                // Nodes of the version before send them here.
                heartbeatConsumer,
                new LogicVersionLoadedConsumer(Store!, settings.Recorder, time, loggers.CreateLogger<LogicVersionLoadedConsumer>(), _waitsNoMore.Token))
            {
                // A batch may wait for the one with its events' causes, and must not keep that one from being consumed.
                Prefetch = Math.Max(settings.Bus.Prefetch, RecorderConcurrency),
                Concurrency = RecorderConcurrency,
            });
        }
        if (roles.Contains(Role.Router))
        {
            Router = new Router(settings.Router with { Node = node }, _journal, _port, settings.Lookups, time, loggers.CreateLogger<Router>(), Store as IActivatedLogic, Store as IOperatorValues);
            _routerEndpoint = new BusEndpoint(BusQueues.Router, new CallStartedConsumer(Router), new RerouteCallConsumer(Router))
            {
                Concurrency = settings.Router.EffectiveConcurrency,
                // What is taken ahead waits behind this router, even when it hangs, while another one is free.
                Prefetch = settings.Router.EffectiveConcurrency,
                Life = TimeSpan.FromMilliseconds(settings.Bus.DecisionLifeMs),
                Direct = Direct<CallStarted>(settings.Router.EffectiveConcurrency, DecideAsync),
            };
        }
        if (roles.Contains(Role.Ingress))
        {
            Ingress = new IngressService(settings.Telephony, _journal, _port, time, loggers.CreateLogger<IngressService>());
            _endpoints.Add(new BusEndpoint(BusQueues.Node(node), new HandoffRequestedConsumer(Ingress), new CallCommandConsumer(Ingress, (context, answer) => _commands!.AnswerAsync(context, answer), loggers.CreateLogger<CallCommandConsumer>()))
            {
                Node = node,
                Concurrency = 1,
                Expires = s_nodeQueueLife,
                Direct = Direct<HandoffRequested>(HandoffConcurrency, TakeAsync),
            });
        }
        _bus = new EventBus(settings.Bus, node, loggers);
        _commands = new CallCommands(settings.Bus, Ingress is null ? null : new CommandsHere(node, Ingress.TakeAsync), time, loggers.CreateLogger<CallCommands>());
    }

    /// <summary>Gives commands to calls, of this node and of others.</summary>
    public ICallCommands Commands => _commands;

    /// <summary>The node's name.</summary>
    public string Name => _settings.Telephony.Node;

    /// <summary>The ingress, when this process has the role.</summary>
    public IngressService? Ingress { get; }

    /// <summary>The router, when this process has the role.</summary>
    public Router? Router { get; }

    /// <summary>The store, when this process has the recorder's role or serves HTTP.</summary>
    public ICallStore? Store { get; }

    /// <summary>Where HTTP is served, once it is; null when it is not.</summary>
    public Uri? ConsoleAddress { get; private set; }

    /// <summary>Completes when another node has taken this one's name: then this one must not go on.</summary>
    public async Task<Exception> WhenNameLostAsync() => await Task.WhenAny(_bus.NameLost, _refused.Task).ConfigureAwait(false) == _refused.Task
        ? await _refused.Task.ConfigureAwait(false)
        : await _bus.NameLost.ConfigureAwait(false);

    /// <summary>Completes when a part of the process died that it cannot do without, and says which and why: then it is to be stopped.</summary>
    public Task<string> Failed => _supervision.Failed;

    /// <summary>Completes when all is up; waits for a store or a broker that is not there yet.</summary>
    /// <exception cref="EventCalls.Sip.Transport.ListenException">A SIP end point is in use or not ours.</exception>
    /// <exception cref="SpoolException">The spool's folder cannot be used.</exception>
    /// <exception cref="NodeNameTakenException">Another node has the name, on the same store.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_settings.UsesSampleTrunks && Ingress is not null)
            LogSampleTrunks();
        // First, so that its health says what is waited for.
        if (RoleSettings.ServesHttp(_settings, _roles))
            (_console, ConsoleAddress) = await ConsolePart.StartAsync(this, _settings, _time, _loggers, cancellationToken).ConfigureAwait(false);
        // A broker is the recorder's durable queue; without one, or while it is away, the spool is.
        if (HasLeft || RoleSettings.KeepsSpool(_settings, _roles))
            _spool = Spool.Open(_settings.Spool, _logger);
        if (Store is not null)
            await StoreArrival.MigrateAsync(Store, _time, _logger, cancellationToken).ConfigureAwait(false);
        if (Store is not null && _settings.Webhooks.Count > 0)
            _webhooks = ConsolePart.TellWebhooks(this, _settings, _time, _loggers);
        if (DecidesAlone)
            OpenOutage(_spool!);
        else if (_spool is not null && _settings.Bus.RabbitMq is null)
            await FeedAsync(_spool, cancellationToken).ConfigureAwait(false);
        // Compiling takes longest and needs the bus only at its end.
        var routing = Router?.StartAsync(cancellationToken) ?? Task.CompletedTask;
        _joining = JoinAsync(routing, cancellationToken);
        if (_outage is null)
            await _joining.ConfigureAwait(false);
        else
            await StartWithOrWithoutAsync(_outage, routing, cancellationToken).ConfigureAwait(false);
        if (Ingress is not null)
        {
            await Ingress.StartAsync(cancellationToken).ConfigureAwait(false);
            _supervision.Watch("the node's heartbeat", Ingress.Completion);
            LogListening(string.Join(", ", Ingress.Listening));
        }
        await ProveAsync().ConfigureAwait(false);
        if (_settings.Telemetry is { Otlp: { } collector } telemetry)
        {
            _telemetry = TelemetryPart.Start(this, telemetry, _logger, _time);
            LogTelemetry(collector, telemetry.Protocol == OtlpProtocol.Grpc ? "gRPC" : "HTTP (http/protobuf)", telemetry.SampleRatio);
        }
        _ready = true;
    }

    /// <summary>Ends the open calls after their grace, and completes when all they left is stored or on the broker, or at its limit.</summary>
    /// <param name="hurry">Cancelled: the grace is over at once, and little is waited for; calls and the recorder are said goodbye to nevertheless.</param>
    public async Task<StopReport> StopAsync(CancellationToken hurry)
    {
        if (!_stopped)
        {
            _stopped = true;
            _supervision.StopBegins();
            await StopOnceAsync(hurry).ConfigureAwait(false);
            await StopConsoleAsync().ConfigureAwait(false);
        }
        return new StopReport(_spool?.OwedEvents ?? 0, _journal.Unrecorded, _spool?.Folder) { To = _outage is null ? "store" : "broker" };
    }

    public async ValueTask DisposeAsync()
    {
        _supervision.StopBegins();
        await StopConsoleAsync().ConfigureAwait(false);
        await ProveNoMoreAsync().ConfigureAwait(false);
        if (Ingress is not null)
            await Ingress.DisposeAsync().ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
        _port.Open(_bus, Here());
        await _journal.DisposeAsync().ConfigureAwait(false);
        await _bus.DisposeAsync().ConfigureAwait(false);
        await _commands.DisposeAsync().ConfigureAwait(false);
        _sweeper?.Dispose();
        _retention?.Dispose();
        if (Router is not null)
            await Router.DisposeAsync().ConfigureAwait(false);
        await CloseOutageAsync().ConfigureAwait(false);
        if (_feed is not null)
            await _feed.DisposeAsync().ConfigureAwait(false);
        if (_appends is not null)
            await _appends.DisposeAsync().ConfigureAwait(false);
        if (_name is not null)
            await _name.DisposeAsync().ConfigureAwait(false);
        if (_webhooks is not null)
            await _webhooks.DisposeAsync().ConfigureAwait(false);
        if (Store is not null)
            await Store.DisposeAsync().ConfigureAwait(false);
        _spool?.Dispose();
        _telemetry?.Dispose();
        _waitsNoMore.Dispose();
    }

    /// <summary>Joins the others over the bus; for a broker it tries as long as that is away.</summary>
    private async Task JoinAsync(Task routing, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _leaving.Token);
        await _bus.StartAsync(_endpoints, either.Token, _routerEndpoint is null ? [] : [_routerEndpoint]).ConfigureAwait(false);
        if (_settings.Bus.RabbitMq is not null)
            _supervision.Watch("the watch over the queues", _bus.Completion);
        if (_outage is not null)
            _outage.Join();
        else
            _port.Open(_bus, Here());
        if (_spool is not null && _feed is null && _outage is null)
            await SendLeftAsync(_spool, either.Token).ConfigureAwait(false);
        await routing.ConfigureAwait(false);
        // Not before there is logic to decide with: other nodes' calls may be waiting already.
        if (_routerEndpoint is not null)
            await _bus.ConnectAsync(_routerEndpoint, either.Token).ConfigureAwait(false);
        if (_sweeper is not null)
        {
            // It is stopped with the node, not when the stop of the node is asked for.
            await _sweeper.StartAsync(CancellationToken.None).ConfigureAwait(false);
            await _retention!.StartAsync(CancellationToken.None).ConfigureAwait(false);
            _supervision.Watch("the search for lost nodes", _sweeper.ExecuteTask!);
        }
    }

    private ValueTask StopConsoleAsync() => Interlocked.Exchange(ref _console, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private DirectDelivery Direct<T>(int concurrency, Func<T, CancellationToken, Task> consume)
        where T : CallEvent => new(typeof(T), concurrency, (e, token) => consume((T)e, token), _logger)
        {
            Node = _settings.Telephony.Node,
            IsShared = _settings.Bus.RabbitMq is not null,
        };

    // As CallStartedConsumer and HandoffRequestedConsumer do; the clock is the same here, so the age of every question is known.
    private Task DecideAsync(CallStarted started, CancellationToken cancellationToken) =>
        Router!.IsTooLate(started, redelivered: true) ? Task.CompletedTask : Router.DecideAsync(started, cancellationToken);

    private Task TakeAsync(HandoffRequested handoff, CancellationToken cancellationToken)
    {
        Ingress!.Take(handoff);
        return Task.CompletedTask;
    }

    private async Task DisconnectAsync(string queue, CancellationToken limit)
    {
        try
        {
            await _bus.DisconnectAsync(queue, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogNotDisconnected(queue);
        }
    }

    private async Task StopOnceAsync(CancellationToken hurry)
    {
        await ProveNoMoreAsync().ConfigureAwait(false);
        if (Ingress is not null)
        {
            await Ingress.DrainAsync(TimeSpan.FromSeconds(_settings.DrainSeconds), hurry).ConfigureAwait(false);
        }
        using var limit = new CancellationTokenSource(s_flushLimit, _time);
        using (hurry.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(s_hurriedFlushLimit), limit))
        {
            // Who decides and who takes handoffs ends first, with what is under way: it still needs the journal. The rest another one gets at once.
            await DisconnectAsync(BusQueues.Router, limit.Token).ConfigureAwait(false);
            await DisconnectAsync(BusQueues.Node(_settings.Telephony.Node), limit.Token).ConfigureAwait(false);
            if (_decisions is not null)
                await _decisions.DisposeAsync().ConfigureAwait(false);
            if (Ingress is not null)
                await Ingress.DisposeAsync().ConfigureAwait(false);
            await _journal.DrainAsync(limit.Token).ConfigureAwait(false);
            if (_outage is not null)
                await _outage.FlushAsync(limit.Token).ConfigureAwait(false);
            if (_feed is not null)
                await FlushAsync(_feed, limit.Token).ConfigureAwait(false);
        }
        await LeaveAsync().ConfigureAwait(false);
        using var busLimit = new CancellationTokenSource(s_busStopLimit, _time);
        using var waits = busLimit.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _waitsNoMore);
        try
        {
            await _bus.StopAsync(busLimit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What it still held comes again: from the broker, or nobody waits for it any more.
        }
        if (_sweeper is not null)
            await Task.WhenAll(_sweeper.StopAsync(CancellationToken.None), _retention!.StopAsync(CancellationToken.None)).ConfigureAwait(false);
    }

    /// <summary>Waits until the recorder of this process has stored what the spool holds, and the heartbeats of the bus in memory, which loses them when it stops.</summary>
    private async Task FlushAsync(SpoolFeed feed, CancellationToken limit)
    {
        await feed.FlushAsync(s_quietStore, limit).ConfigureAwait(false);
        using var heartbeats = CancellationTokenSource.CreateLinkedTokenSource(limit);
        heartbeats.CancelAfter(s_hurriedFlushLimit);
        while (_port.Unrecorded > 0 && !heartbeats.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task FeedAsync(Spool spool, CancellationToken cancellationToken)
    {
        // The broker is where nodes find out that they have one name; without it the store is.
        if (Ingress is not null)
        {
            _name = new NodeNameClaim((INodeNames)Store!, Store!.Description, _settings.Telephony.Node, _time, _logger, taken => _refused.TrySetResult(taken));
            await _name.TakeAsync(cancellationToken).ConfigureAwait(false);
        }
        _feed = new SpoolFeed(spool, _appends!, _time, _loggers.CreateLogger<SpoolFeed>());
        _supervision.Watch("the spool", _feed.Completion);
        // Before a new run of the node is announced: what an earlier run's calls left must not find them closed as lost.
        await _feed.LeftBroughtAsync(cancellationToken).ConfigureAwait(false);
    }

    private RecorderHere? Here() => _feed is null ? null : new RecorderHere(_feed.SendAsync, () => _spool!.IsFull, TrySaveAsync);

    private async Task<bool> TrySaveAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        try
        {
            await Store!.SaveLogicVersionAsync(version, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (StoreUnreachableException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No trunk is configured: calls from this machine come in as trunk 'carrier', and the outbound endpoint 'pstn' is udp 127.0.0.1:5080")]
    private partial void LogSampleTrunks();

    [LoggerMessage(Level = LogLevel.Information, Message = "SIP listens on {EndPoints}")]
    private partial void LogListening(string endPoints);

    [LoggerMessage(Level = LogLevel.Information, Message = "OTLP goes to {Collector} over {Protocol}: the figures, and traces of a share of {Ratio} of the calls")]
    private partial void LogTelemetry(Uri collector, string protocol, double ratio);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was being consumed from {Queue} did not end in time")]
    private partial void LogNotDisconnected(string queue);
}
