using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Outage;

/// <summary>Sends over the broker; while that is away, events go to the spool, and this process decides its calls and carries out their handoffs itself.</summary>
/// <remarks>
/// It begins away. It is over when the broker confirms and has all that the spool held; until then everything takes the way over the spool, so that
/// the order stays. What the broker may or may not have taken goes to the spool too: ids make that harmless. Safe from any thread.
/// </remarks>
public sealed partial class OutageRoute : IJournalBus, INodeMessages, ILogicVersionSink, IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);

    private readonly IBroker _broker;
    private readonly BrokerState _state;
    private readonly OutageOptions _options;
    private readonly SpooledVersions _versions;
    private readonly LocalRoles _local;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ISpoolRelay _spool;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _returning;
    private TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeHeartbeat? _unsaid;
    private DateTimeOffset _since;
    private bool _isTold;
    private volatile bool _away = true;

    /// <param name="broker">The broker; used when it was joined.</param>
    /// <param name="state">How it is.</param>
    /// <param name="options">Whose route it is, and how long the broker is waited for.</param>
    /// <param name="begin">
    /// Begins the spool where events go meanwhile, with what an earlier run left there; disposed here. It is given what sends a batch, which completes when
    /// that is taken for good, and what to call when nothing waits any more.
    /// </param>
    /// <param name="local">Who acts meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The log.</param>
    public OutageRoute(
        IBroker broker,
        BrokerState state,
        OutageOptions options,
        Func<Func<CallEventBatch, CancellationToken, Task>, Action, ISpoolRelay> begin,
        LocalRoles local,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        (_broker, _state, _options, _local, _time) = (broker, state, options, local, time);
        _logger = loggers.CreateLogger<OutageRoute>();
        _since = time.GetUtcNow();
        _spool = begin(new LateBatches(broker, state, options.Node, _joined.Task).SendAsync, Wake);
        _versions = new SpooledVersions(Path.Combine(_spool.Folder, "versions"), _logger);
        _returning = Task.Run(ReturnAsync);
        state.Changed += OnStateChanged;
    }

    /// <summary>Whether the broker is away, or does not have yet what the spool held.</summary>
    public bool IsAway => _away;

    /// <summary>For people: what is so while it is away.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            string why = _state.IsUp ? "there again; what was recorded without it is being sent" : $"away since {_since:yyyy-MM-dd HH:mm:ss} UTC ({_state.Reason})";
            return $"{why}; calls are decided here, {_spool.OwedEvents} events wait in {_spool.Folder}{(_spool.IsFull ? ", which is full: new calls are refused" : "")}.";
        }
    }

    /// <summary>Completes when the broker is not away.</summary>
    public Task Back
    {
        get
        {
            lock (_gate)
                return _back.Task;
        }
    }

    /// <inheritdoc />
    public bool IsFull => _away && _spool.IsFull;

    /// <summary>Runs as long as the way back is looked for; faults when that cannot go on.</summary>
    public Task Completion => Task.WhenAll(_returning, _spool.Completion);

    /// <summary>The bus is started: what waits can be sent.</summary>
    public void Join()
    {
        _joined.TrySetResult();
        Wake();
    }

    /// <summary>Says in the log that the broker is not there; at a start it may only be late.</summary>
    public void BeginAway()
    {
        lock (_gate)
        {
            if (!_away || _isTold)
                return;
            _isTold = true;
        }
        LogAway(_options.Broker, _state.Reason, _spool.Folder);
    }

    /// <inheritdoc />
    public async Task<Taker> SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        while (true)
        {
            if (!_away && await TryBatchAsync(batch, began, cancellationToken).ConfigureAwait(false))
                return Taker.Bus;
            lock (_gate)
            {
                if (!_away)
                    continue;
                _spool.Add(batch);
                return Taker.Spool;
            }
        }
    }

    /// <inheritdoc />
    public bool HandOver(CallEvent e) => !_away && _broker.HandOver(e);

    /// <inheritdoc />
    public async Task TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken)
    {
        while (taker == Taker.Bus)
        {
            if (!_away && await TryAsync((e, isActedOn), static (broker, x, token) => x.isActedOn ? broker.TellLateAsync(x.e, token) : broker.TellAsync(x.e, token), cancellationToken)
                .ConfigureAwait(false))
                return;
            lock (_gate)
            {
                if (!_away)
                    continue;
                // Its record may be on the broker; from the spool it is told to the others.
                _spool.Add(BatchOf(e));
                taker = Taker.Spool;
            }
        }
        if (!isActedOn)
            ActHere(e);
    }

    /// <inheritdoc />
    public async Task SendAsync(RerouteCall command, CancellationToken cancellationToken)
    {
        if (_away || !await TryAsync(command, static (broker, command, token) => broker.SendAsync(command, token), cancellationToken).ConfigureAwait(false))
            _local.DecideAgain(command);
    }

    /// <inheritdoc />
    public async Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken)
    {
        if (_away || !await TryAsync(started, static (broker, started, token) => broker.AskAgainAsync(started, token), cancellationToken).ConfigureAwait(false))
            _local.Decide(started);
    }

    /// <summary>Sends it; while the broker is away, the last one is sent when it is back: before, the recorder would close what an earlier run left in the spool.</summary>
    public async Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        if (_away || !await TryAsync(heartbeat, static (broker, heartbeat, token) => broker.SendAsync(heartbeat, token), cancellationToken).ConfigureAwait(false))
            Volatile.Write(ref _unsaid, heartbeat);
    }

    /// <summary>Publishes it; throws while the broker is away, and then it is the node's to publish later.</summary>
    public async Task TellAsync(TrunkEvent e, CancellationToken cancellationToken)
    {
        if (_away || !await TryAsync(e, static (broker, e, token) => broker.TellAsync(e, token), cancellationToken).ConfigureAwait(false))
            throw new IOException($"{_options.Broker} is away");
    }

    /// <inheritdoc />
    public async Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        if (!_away && await TryAsync(version, static (broker, version, token) => broker.SendAsync(version, token), cancellationToken).ConfigureAwait(false))
            return;
        _versions.Add(version);
        Wake();
    }

    /// <summary>Completes when the broker has everything, or takes nothing.</summary>
    public Task FlushAsync(CancellationToken limit) => _spool.FlushAsync(_state.IsUp && _joined.Task.IsCompleted ? s_quiet : TimeSpan.Zero, limit);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _state.Changed -= OnStateChanged;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _returning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _spool.DisposeAsync().ConfigureAwait(false);
    }

    private CallEventBatch BatchOf(CallEvent e)
    {
        var payload = new PayloadBuffer(4 * 1024);
        CallEventCodec.WriteLine(payload, e);
        return new CallEventBatch { Source = _options.Node, Count = 1, Payload = payload.ToArray() };
    }

    private void ActHere(CallEvent e)
    {
        if (DirectDelivery.NodeOf(e) != _options.Node)
            return;
        if (e is CallStarted started)
            _local.Decide(started);
        else if (e is HandoffRequested handoff)
            _local.Take(handoff);
    }

    /// <summary>Whether the broker has the batch; what it keeps refusing for as long as it may take counts as away too.</summary>
    private async Task<bool> TryBatchAsync(CallEventBatch batch, long began, CancellationToken cancellationToken)
    {
        while (!_away)
        {
            try
            {
                return await TryAsync(batch, static (broker, batch, token) => broker.SendAsync(batch, token), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (_time.GetElapsedTime(began) >= _options.Patience)
                    GoAway(e.Message);
                else
                    await Task.Delay(s_pause, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        return false;
    }

    /// <summary>Sends; false when the broker is away. Throws when it is there and does not take it.</summary>
    private async Task<bool> TryAsync<T>(T what, Func<IBroker, T, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var whileUp = _state.WhileUp;
        using var patience = new CancellationTokenSource(_options.Patience, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whileUp, patience.Token);
        try
        {
            await send(_broker, what, attempt.Token).WaitAsync(attempt.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && (whileUp.IsCancellationRequested || patience.IsCancellationRequested))
        {
            GoAway(whileUp.IsCancellationRequested ? _state.Reason : $"it did not confirm within {_options.Patience.TotalMilliseconds:0} ms");
            return false;
        }
    }

    private void GoAway(string reason)
    {
        lock (_gate)
        {
            if (_away)
                return;
            _since = _time.GetUtcNow();
            _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _isTold = true;
            _away = true;
        }
        LogAway(_options.Broker, reason, _spool.Folder);
        // What the watch has not noticed; it looks at once.
        if (_state.IsUp)
            _state.Away(reason);
        _local.AskAgain();
    }

    private void OnStateChanged()
    {
        if (_state.IsUp)
            Wake();
        else
            GoAway(_state.Reason);
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    private async Task ReturnAsync()
    {
        try
        {
            await _joined.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
            while (true)
            {
                if (_away && _state.IsUp && _spool.IsEmpty && await SendVersionsAsync().ConfigureAwait(false) && TryReturn())
                    await SayAliveAsync().ConfigureAwait(false);
                await _wake.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private bool TryReturn()
    {
        lock (_gate)
        {
            // Whoever adds to the spool holds the gate: nothing comes between.
            if (!_away || !_state.IsUp || !_spool.IsEmpty)
                return false;
            _away = false;
            _back.TrySetResult();
            if (!_isTold)
                return true;
            _isTold = false;
        }
        LogBack(_options.Broker, _time.GetUtcNow() - _since);
        return true;
    }

    private async Task<bool> SendVersionsAsync()
    {
        foreach (var version in _versions.Waiting)
        {
            try
            {
                await _broker.SendAsync(version, _stopping.Token).ConfigureAwait(false);
                _versions.Remove(version);
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                LogVersionNotSent(version.Version, e.Message);
                await Task.Delay(s_retryDelay, _time, _stopping.Token).ConfigureAwait(false);
                Wake();
                return false;
            }
        }
        return true;
    }

    private async Task SayAliveAsync()
    {
        if (Interlocked.Exchange(ref _unsaid, null) is not { } heartbeat)
            return;
        try
        {
            await SendAsync(heartbeat with { At = _time.GetUtcNow() }, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception) when (!_stopping.IsCancellationRequested)
        {
            // The next one follows.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Broker} is away: {Reason}. Calls are decided here, and events are kept in {Folder} until it is back")]
    private partial void LogAway(string broker, string reason, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Broker} is back after {Time}, and has all that was recorded meanwhile")]
    private partial void LogBack(string broker, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sources of the routing logic {Version} could not be sent to the recorder yet; trying again: {Reason}")]
    private partial void LogVersionNotSent(string version, string reason);
}
