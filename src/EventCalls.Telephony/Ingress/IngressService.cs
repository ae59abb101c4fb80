using EventCalls.Contracts;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Transfers;
using EventCalls.Telephony.Trunks;
using EventCalls.Telephony.Trust;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>The ingress role of a node: takes the trunks' calls, carries out handoffs, and says regularly that the node is alive.</summary>
/// <remarks>
/// A call and all its legs live on one shard; its id says which. Safe from any thread.
/// </remarks>
public sealed class IngressService : IAsyncDisposable
{
    private static readonly TimeSpan s_drainStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lastHeartbeat = TimeSpan.FromSeconds(2);

    private readonly TelephonyOptions _options;
    private readonly INodeMessages _messages;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CallShard[] _calls;
    private readonly ShardGroup _group;
    private readonly MediaRelay[] _media;
    private readonly MediaRecorder _recorder;
    private readonly Rtpengines? _engines;
    private readonly HepSender? _copies;
    private readonly ServerFinder _finder;
    private readonly ServerChoice _servers;
    private readonly TrunkHealth _health;
    private readonly TrunkEvents _trunkEvents = new();
    private readonly TrunkRegistrations _registrations;
    private readonly TrunkStates _trunkStates;
    private readonly IReadOnlyList<ServerQuery> _trunkHosts;
    private readonly CancellationTokenSource _stopping = new();
    private DateTimeOffset _runningSince;
    private Task _heartbeat = Task.CompletedTask;
    private Task _freshHosts = Task.CompletedTask;
    private Task _upkeep = Task.CompletedTask;
    private int _state;

    /// <summary>An ingress that does not listen yet.</summary>
    /// <param name="options">What the node is configured with.</param>
    /// <param name="journal">Where its events go.</param>
    /// <param name="messages">How heartbeats and requests for a new decision are sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="TelephonyOptionsException">An option cannot be used; it names the key.</exception>
    public IngressService(TelephonyOptions options, ICallJournal journal, INodeMessages messages, TimeProvider time, ILogger<IngressService> logger)
    {
        var points = TelephonyCheck.Run(options);
        var trunks = new TrunkTable(options.Trunks);
        _options = options;
        _messages = messages;
        _time = time;
        _logger = logger;
        _calls = new CallShard[options.Shards];
        var shards = new SipShard[options.Shards];
        var ports = MediaSetup.Ports(options.Media);
        _media = MediaSetup.Relays(options, ports, time, logger);
        _recorder = MediaSetup.Recorder(options, time);
        _engines = MediaSetup.EnginesOf(options, time, logger);
        var hold = MediaSetup.HoldSound(options.Media);
        var announcement = MediaSetup.Announcement(options.Media);
        var refusals = new RefusalLog(logger, time);
        _servers = new ServerChoice(time);
        var tls = TlsSetup.Of(options, trunks, time, logger);
        _trunkHosts = trunks.Queries;
        _finder = NodeFinder.Of(options, points, trunks, time, logger);
        _copies = HepSetup.Of(options, trunks, time, logger);
        var admission = new AdmissionControl(options, trunks, new RefusalReport(refusals, logger, time), time);
        var callers = IdentitySetup.Of(options, time, logger);
        for (int i = 0; i < shards.Length; i++)
        {
            var calls = new CallShard(options, trunks, journal, messages, TransferMethods.Of, time, logger, i, () => OpenCalls, refusals, _servers, admission, callers) { Media = _media.Length > 0 ? _media[i] : null, Recorder = _recorder, HoldSound = hold, Announcement = announcement, Engines = _engines };
            var shard = new SipShard(
                new ShardOptions
                {
                    Listen = points,
                    AdvertisedHost = options.AdvertisedHost,
                    AcceptsConnectionFrom = admission.MayConnect,
                    MaxConnections = options.Tcp.MaxConnections,
                    MaxConnectionsPerSource = options.Tcp.MaxConnectionsPerSource,
                    MaxOutboundConnections = options.Tcp.MaxOutbound,
                    IdleTimeoutMs = options.Tcp.IdleSeconds * 1000,
                    FirstMessageTimeoutMs = options.Tcp.FirstMessageSeconds * 1000,
                    MessageTimeoutMs = options.Tcp.MessageSeconds * 1000,
                    Refusals = refusals,
                    Tls = tls,
                    WebSocketOrigins = options.WebSocketOrigins,
                    UserAgent = new UserAgentOptions { Extensions = options.Extensions ?? CallShard.Extensions, Shard = i, PingAfterMs = (options.SessionPingSeconds ?? 0) * 1000, AnswersStrangers = options.AnswersStrangers, Trace = _copies?.Trace() },
                },
                calls,
                time,
                logger);
            calls.Attach(shard.Agent, shard, shard.Post, _finder);
            _calls[i] = calls;
            shards[i] = shard;
        }
        foreach (var calls in _calls)
            calls.OfNode = _calls;
        _health = new TrunkHealth(_calls[0], _trunkEvents);
        _registrations = new TrunkRegistrations(_calls[0]);
        _trunkStates = new TrunkStates(trunks, _health, _trunkEvents, _registrations, admission.Sources);
        _group = new ShardGroup(shards);
    }

    /// <summary>Checks options without opening anything.</summary>
    /// <exception cref="TelephonyOptionsException">An option cannot be used; it names the key.</exception>
    public static void Check(TelephonyOptions options)
    {
        TelephonyCheck.Run(options);
        _ = new TrunkTable(options.Trunks);
    }

    /// <summary>How many calls are open.</summary>
    public int OpenCalls
    {
        get
        {
            int count = 0;
            foreach (var shard in _calls)
                count += shard.Calls.Count;
            return count;
        }
    }

    /// <summary>Where it listens, with the ports really taken; complete after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<ListenPoint> Listening => _group.Listening;

    /// <summary>What asking the trunks' servers has shown, one sentence; null when none is asked.</summary>
    public string? TrunkHealth
    {
        get
        {
            int asked = _health.Asked;
            if (asked == 0)
                return null;
            var down = _health.Down;
            return down.Count == 0
                ? $"all {asked} servers that are asked answer."
                : $"{down.Count} of {asked} servers are down, and tried last: {string.Join(", ", down.Select(d => $"{d.Trunk} {d.Server} since {UtcTime.Seconds(d.Since)}"))}.";
        }
    }

    /// <summary>The trunks' servers that are asked whether they are there, and whether they are.</summary>
    public IEnumerable<(string Trunk, string Server, bool IsUp)> TrunkServers => _health.Servers.Select(s => (s.Trunk, s.Server.ToString(), s.DownSince is null));

    /// <summary>SIP messages sent a second time or more, since the start; a count read from another thread may be a moment old.</summary>
    public long Retransmissions => _group.Shards.Sum(s => s.Agent.Retransmissions);

    /// <summary>The rtpengines, and whether they answer; none where none is configured.</summary>
    public IReadOnlyList<(string Engine, bool IsUp)> MediaEngines => _engines?.States ?? [];

    /// <summary>Copies of SIP messages sent to the collector since the start, and those that could not be; null when nothing is copied.</summary>
    public (long Sent, long Dropped)? Copies => _copies is { } copies ? (copies.Sent, copies.Dropped) : null;

    /// <summary>How the registrations with trunks are, a sentence each; null when there are none.</summary>
    public string? Registrations => _registrations.Describe();

    /// <summary>Runs as long as the node says that it is alive; faults when it cannot go on.</summary>
    public Task Completion => _heartbeat;

    /// <summary>Opens the sockets and sends the first heartbeat.</summary>
    /// <exception cref="ListenException">An end point is in use or not ours.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) != 0)
            throw new InvalidOperationException("The ingress was started before.");
        _runningSince = _time.GetUtcNow();
        // The heartbeat closes what an earlier run of the node left open (node_lost), so it is said only when the ports are ours:
        // a second node of the same name, started by mistake, must not close the calls of the first.
        _group.Start();
        _copies?.Start();
        try
        {
            await _messages.SendAsync(Heartbeat(stopping: false), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _group.Dispose();
            throw;
        }
        _heartbeat = HeartbeatAsync(_trunkEvents.Added, _stopping.Token);
        _engines?.Start();
        _health.Start();
        _registrations.Start();
        _freshHosts = KeepHostsFreshAsync(_stopping.Token);
        _upkeep = new RecordingUpkeep(_options.Media, _time, _logger).RunAsync(_stopping.Token);
    }

    /// <summary>Gives a handoff to the call it is for; returns when the call's shard has it to do, before it is done.</summary>
    /// <exception cref="ObjectDisposedException">The ingress has stopped.</exception>
    public void Take(HandoffRequested handoff)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == 2, this);
        int shard = CallIds.ShardOf(handoff.CallId);
        if (shard < _calls.Length)
            _calls[shard].Take(handoff);
        else
            _logger.LogInformation("The handoff {Handoff} came for the call {Call}, which is unknown here", handoff.HandoffId, handoff.CallId);
    }

    /// <summary>Gives a command to the call it is for; completes when that has recorded it, or does not take it.</summary>
    /// <exception cref="ObjectDisposedException">The ingress has stopped.</exception>
    public Task<CommandAnswer> TakeAsync(CallCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == 2, this);
        int shard = CallIds.ShardOf(command.CallId);
        if (shard >= _calls.Length)
            return Task.FromResult(CommandAnswers.Unknown(command));
        var done = new TaskCompletionSource<CommandAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[shard].Take(command, answer => done.TrySetResult(answer));
        return done.Task;
    }

    /// <summary>Has every call that waits for a decision ask for it once more: who was asked cannot answer.</summary>
    public void AskAgain()
    {
        foreach (var shard in _calls)
            shard.AskAgain();
    }

    /// <summary>Refuses new calls from now on, waits for the open ones, and ends what is left (node_stopped) when the grace is over.</summary>
    /// <param name="grace">How long open calls may go on.</param>
    /// <param name="cancellationToken">Cancelled: the open calls are ended at once.</param>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _state) != 1)
            return;
        foreach (var shard in _calls)
            shard.IsDraining = true;
        // First of all, so that registrars send new calls elsewhere.
        _registrations.Remove();
        _logger.LogInformation("Draining: {Calls} calls are open, and may go on for {Grace}", OpenCalls, grace);
        await WaitForCallsAsync(grace, cancellationToken).ConfigureAwait(false);
        if (OpenCalls > 0)
        {
            foreach (var shard in _calls)
                shard.EndAll();
            // The calls end within one turn of their shard; an INVITE that was admitted just before may take another one.
            await WaitForCallsAsync(TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
            foreach (var shard in _calls)
                shard.EndAll();
            await WaitForCallsAsync(TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
        }
        await WaitForLegsAsync().ConfigureAwait(false);
        await StopHeartbeatAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the sockets; calls that are still open are not said goodbye to, so drain first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _state, 2) == 2)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _heartbeat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _freshHosts.ConfigureAwait(false);
        // A folder on a disk that does not answer holds no end up.
        await _upkeep.WaitAsync(s_farewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _group.Dispose();
        foreach (var media in _media)
            media.Dispose();
        if (_engines is not null)
            await _engines.DisposeAsync().ConfigureAwait(false);
        _recorder.Dispose();
        if (_copies is not null)
            await _copies.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task WaitForCallsAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        long from = _time.GetTimestamp();
        while (OpenCalls > 0 && _time.GetElapsedTime(from) < longest && !cancellationToken.IsCancellationRequested)
            await Task.Delay(s_drainStep, _time, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Gives the last BYEs, refusals and REGISTERs time to be answered; a count read from another thread may be a moment old.</summary>
    private async Task WaitForLegsAsync()
    {
        long from = _time.GetTimestamp();
        while ((_registrations.AreLeft || _group.Shards.Any(s => s.Agent.OpenLegs > 0)) && _time.GetElapsedTime(from) < s_farewell)
            await Task.Delay(s_drainStep, _time, CancellationToken.None).ConfigureAwait(false);
    }

    private NodeHeartbeat Heartbeat(bool stopping) => new()
    {
        Node = _options.Node,
        RunningSince = _runningSince,
        At = _time.GetUtcNow(),
        IntervalSeconds = _options.HeartbeatSeconds,
        Stopping = stopping,
        Report = _trunkStates.Report(),
    };

    private async Task HeartbeatAsync(Task added, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_options.HeartbeatSeconds), _time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // A trunk that went down is said at once: it is recorded with the heartbeat, and told of then.
                if (await Task.WhenAny(tick, added).ConfigureAwait(false) == tick)
                {
                    if (!await tick.ConfigureAwait(false))
                        return;
                    tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                }
                added = _trunkEvents.Added;
                await _messages.SendAsync(Heartbeat(stopping: false), cancellationToken).ConfigureAwait(false);
                await TellOfTrunksAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The next one follows; the recorder counts from the last that arrived.
                _logger.LogWarning(e, "The heartbeat of the node {Node} could not be sent", _options.Node);
            }
        }
    }

    private async Task TellOfTrunksAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _trunkEvents.TellAsync(_messages, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.LogInformation("That a trunk's server went down or came up could not be published yet: {Problem}", e.Message);
        }
    }

    /// <summary>Looks up what trunks have host names for, at the start and every half minute: calls and connections from there are taken.</summary>
    private async Task KeepHostsFreshAsync(CancellationToken cancellationToken)
    {
        if (_trunkHosts.Count == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(AnswerCache.FreshMs), _time);
        try
        {
            do
            {
                await Task.WhenAll(_trunkHosts.Select(_finder.FindAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The ingress stops.
        }
    }

    private async Task StopHeartbeatAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _heartbeat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Said in a hurry too: without it the recorders take the node for lost.
        using var limit = new CancellationTokenSource(s_lastHeartbeat, _time);
        try
        {
            await _messages.SendAsync(Heartbeat(stopping: true), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _logger.LogWarning(e, "The last heartbeat of the node {Node} could not be sent", _options.Node);
        }
    }
}
