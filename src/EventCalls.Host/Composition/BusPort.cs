using EventCalls.Bus;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Outage;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Spooling;

namespace EventCalls.Host.Composition;

/// <summary>What the roles send by. The roles are made before the bus, whose queues they consume; sending waits until the bus is up.</summary>
internal sealed class BusPort : IJournalBus, INodeMessages, ILogicVersionSink
{
    private readonly TaskCompletionSource<EventBus> _bus = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EventBus? _open;
    private volatile OutageRoute? _outage;
    private SpoolFeed? _feed;
    private Spool? _spool;
    private ICallStore? _store;
    private long _sent;
    private long _recorded;

    /// <summary>Heartbeats that went to the recorder of this process and are not stored yet.</summary>
    public long Unrecorded => Interlocked.Read(ref _sent) - Interlocked.Read(ref _recorded);

    public bool IsFull => _outage?.IsFull ?? _spool?.IsFull == true;

    /// <summary>The bus is up. Where a spool is given, it is the recorder's queue of this process: events go there, and logic versions to the store at once.</summary>
    public void Open(EventBus bus, Spool? spool = null, SpoolFeed? feed = null, ICallStore? store = null)
    {
        _store = spool is null ? null : store;
        _spool = spool;
        _feed = feed;
        _open = bus;
        _bus.TrySetResult(bus);
    }

    /// <summary>There is a way beside the bus: everything goes by it, whether the bus is up or not.</summary>
    public void Open(OutageRoute outage) => _outage = outage;

    /// <summary>The recorder of this process has stored what a message brought.</summary>
    public void CountRecorded() => Interlocked.Increment(ref _recorded);

    public async Task<Taker> SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        if (_outage is { } outage)
            return await outage.SendAsync(batch, cancellationToken).ConfigureAwait(false);
        var bus = _open ?? await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await (_feed?.SendAsync(batch, cancellationToken) ?? bus.SendAsync(batch, cancellationToken)).ConfigureAwait(false);
        return Taker.Bus;
    }

    public bool HandOver(CallEvent e) => _outage?.HandOver(e) ?? _open?.HandOver(e) ?? false;

    public Task TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken) =>
        _outage is { } outage ? outage.TellAsync(e, taker, isActedOn, cancellationToken)
        : _open is { } bus ? bus.TellAsync(e, isActedOn, cancellationToken)
        : LaterAsync(b => b.TellAsync(e, isActedOn, cancellationToken), cancellationToken);

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

    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) =>
        _outage?.SendAsync(command, cancellationToken) ?? LaterAsync(b => b.SendAsync(command, cancellationToken), cancellationToken);

    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) =>
        _outage?.AskAgainAsync(started, cancellationToken) ?? LaterAsync(b => b.AskAgainAsync(started, cancellationToken), cancellationToken);

    public async Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        if (_outage is { } outage)
        {
            await outage.SendAsync(version, cancellationToken).ConfigureAwait(false);
            return;
        }
        var bus = await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // On record before the first call is decided by it: the bus in memory dies with the process.
            if (_store is not null)
            {
                await _store.SaveLogicVersionAsync(version, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        catch (StoreUnreachableException)
        {
            // Its consumer waits for the store; calls do not.
        }
        await bus.SendAsync(version, cancellationToken).ConfigureAwait(false);
    }

    private async Task LaterAsync(Func<EventBus, Task> send, CancellationToken cancellationToken)
    {
        var bus = await _bus.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await send(bus).ConfigureAwait(false);
    }
}
