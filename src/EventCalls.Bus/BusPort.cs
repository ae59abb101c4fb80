using EventCalls.Bus.Journal;
using EventCalls.Bus.Outage;
using EventCalls.Contracts;

namespace EventCalls.Bus;

/// <summary>What the roles send by. The roles are made before the bus, whose queues they consume; sending waits until the bus is up.</summary>
/// <remarks>
/// It is a hop of its own for two reasons. Journal and roles are made with it, and the bus with the roles' consumers: without it they would each need the other first. And it is the one place
/// that knows which way this process sends (beside the broker, to its own recorder, over the bus): events, heartbeats, questions and versions take the same one, and who sends them knows none.
/// </remarks>
public sealed class BusPort : IJournalBus, INodeMessages, ILogicVersionSink
{
    private readonly TaskCompletionSource<EventBus> _bus = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EventBus? _open;
    private volatile OutageRoute? _outage;
    private RecorderHere? _recorder;
    private long _sent;
    private long _recorded;

    /// <summary>Heartbeats that went to the recorder of this process and are not stored yet.</summary>
    public long Unrecorded => Interlocked.Read(ref _sent) - Interlocked.Read(ref _recorded);

    /// <inheritdoc />
    public bool IsFull => _outage?.IsFull ?? _recorder?.IsFull() == true;

    /// <summary>The bus is up.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="recorder">The recorder of this process, where that is given events and versions without the bus; null for none.</param>
    public void Open(EventBus bus, RecorderHere? recorder = null)
    {
        _recorder = recorder;
        _open = bus;
        _bus.TrySetResult(bus);
    }

    /// <summary>There is a way beside the bus: everything goes by it, whether the bus is up or not.</summary>
    public void Open(OutageRoute outage) => _outage = outage;

    /// <summary>The recorder of this process has stored what a message brought.</summary>
    public void CountRecorded() => Interlocked.Increment(ref _recorded);

    /// <inheritdoc />
    public async Task<Taker> SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        if (_outage is { } outage)
            return await outage.SendAsync(batch, cancellationToken).ConfigureAwait(false);
        var bus = _open ?? await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await (_recorder?.TakeAsync(batch, cancellationToken) ?? bus.SendAsync(batch, cancellationToken)).ConfigureAwait(false);
        return Taker.Bus;
    }

    /// <inheritdoc />
    public bool HandOver(CallEvent e) => _outage?.HandOver(e) ?? _open?.HandOver(e) ?? false;

    /// <inheritdoc />
    public Task TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken) =>
        _outage is { } outage ? outage.TellAsync(e, taker, isActedOn, cancellationToken)
        : _open is { } bus ? bus.TellAsync(e, isActedOn, cancellationToken)
        : LaterAsync(b => b.TellAsync(e, isActedOn, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        if (_outage is { } outage)
        {
            await outage.SendAsync(heartbeat, cancellationToken).ConfigureAwait(false);
            return;
        }
        await LaterAsync(b => b.SendAsync(heartbeat, cancellationToken), cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _sent);
    }

    /// <inheritdoc />
    public Task TellAsync(TrunkEvent e, CancellationToken cancellationToken) =>
        _outage?.TellAsync(e, cancellationToken) ?? LaterAsync(b => b.TellAsync(e, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) =>
        _outage?.SendAsync(command, cancellationToken) ?? LaterAsync(b => b.SendAsync(command, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) =>
        _outage?.AskAgainAsync(started, cancellationToken) ?? LaterAsync(b => b.AskAgainAsync(started, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        if (_outage is { } outage)
        {
            await outage.SendAsync(version, cancellationToken).ConfigureAwait(false);
            return;
        }
        var bus = await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        // On record before the first call is decided by it: the bus in memory dies with the process. A store that is away is waited for by the version's consumer, and not by calls.
        if (_recorder is { } recorder && await recorder.TrySaveAsync(version, cancellationToken).ConfigureAwait(false))
            return;
        await bus.SendAsync(version, cancellationToken).ConfigureAwait(false);
    }

    private async Task LaterAsync(Func<EventBus, Task> send, CancellationToken cancellationToken)
    {
        var bus = await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await send(bus).ConfigureAwait(false);
    }
}

/// <summary>The recorder of this process, as far as it is reached without the bus.</summary>
/// <param name="TakeAsync">Takes a batch; completes when it is on disk.</param>
/// <param name="IsFull">Whether what it took waits for the store over a bound.</param>
/// <param name="TrySaveAsync">Stores a version of the logic at once; false when the store cannot be reached.</param>
public sealed record RecorderHere(Func<CallEventBatch, CancellationToken, Task> TakeAsync, Func<bool> IsFull, Func<LogicVersionLoaded, CancellationToken, Task<bool>> TrySaveAsync);
