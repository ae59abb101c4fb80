using EventCalls.Console.Following;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Live;

/// <summary>Follows the event store while somebody listens, and tells all who do the same, a few times a second; without listeners it does nothing.</summary>
/// <remarks>
/// The store and not the bus: positions show exactly what is new, so nothing is told twice or missed; it is the same for a process that records
/// and for one that only shows; and calls cost nothing more however many look.
/// </remarks>
internal sealed partial class LiveBoard(ICallStore store, TimeProvider time, ILogger logger) : ILiveCalls, IAsyncDisposable
{
    /// <summary>At most one message in this time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private const int MostListeners = 100;
    private const int MostSeeded = 5000;
    private const int MostShown = 500;
    private const int MostChanged = 100;
    private const int MostFound = 20;
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<LiveListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private bool _isFollowing;

    public LiveListener? Listen()
    {
        var listener = new LiveListener(Remove);
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || _listeners.Count >= MostListeners)
                return null;
            _listeners.Add(listener);
            if (!_isFollowing)
            {
                _isFollowing = true;
                // One after the other: the one before has nobody to tell any more.
                _following = FollowAsync(_following, _stopping.Token);
            }
        }
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task following;
        lock (_gate)
        {
            foreach (var listener in _listeners)
                listener.End();
            following = _following;
        }
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void Remove(LiveListener listener)
    {
        lock (_gate)
            _listeners.Remove(listener);
    }

    private async Task FollowAsync(Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        LiveRows? rows = null;
        var tail = new EventTail(store, 0);
        await new StoreWatch(Interval, s_again, time).RunAsync(LookAsync, Restart, cancellationToken).ConfigureAwait(false);

        // From the present calls on until nobody listens: then false.
        async Task<bool> LookAsync(CancellationToken cancellationToken)
        {
            if (rows is null)
            {
                tail = new EventTail(store, await store.LastPositionAsync(cancellationToken).ConfigureAwait(false));
                rows = await SeedAsync(cancellationToken).ConfigureAwait(false);
            }
            await foreach (var e in tail.ReadNewAsync(cancellationToken).ConfigureAwait(false))
                rows.Take(e, time.GetUtcNow());
            foreach (var unknown in rows.TakeUnknown(MostFound))
            {
                if (await store.FindAsync(unknown.ToString("D"), cancellationToken).ConfigureAwait(false) is { } row)
                    rows.Add(row, isNews: true);
            }
            return Tell(rows);
        }

        void Restart(string reason)
        {
            LogAway(reason);
            rows = null;
            lock (_gate)
                _listeners.ForEach(listener => listener.HasBegun = false);
        }
    }

    private async Task<LiveRows> SeedAsync(CancellationToken cancellationToken)
    {
        var rows = new LiveRows();
        foreach (var row in await store.SearchAsync(new CallQuery { Ended = false, Limit = MostSeeded }, cancellationToken).ConfigureAwait(false))
            rows.Add(row);
        return rows;
    }

    /// <summary>Tells everybody what is new, and those who are new what there is; false when nobody listens any more.</summary>
    private bool Tell(LiveRows rows)
    {
        var changes = rows.TakeChanges(out int began);
        LiveListener[] listeners;
        lock (_gate)
        {
            if (_listeners.Count == 0)
            {
                _isFollowing = false;
                return false;
            }
            listeners = [.. _listeners];
        }
        LiveMessage? changed = null, begin = null;
        foreach (var listener in listeners)
        {
            if (listener.HasBegun && changes.Count > 0)
                listener.Give(changed ??= Message("calls", LiveChanges.Of(changes, began, rows.Up, MostChanged), ConsoleJson.Default.LiveChanges));
            else if (!listener.HasBegun)
                listener.Give(begin ??= Message("up", Up(rows), ConsoleJson.Default.LiveCalls));
            listener.HasBegun = true;
        }
        return true;
    }

    private static LiveCalls Up(LiveRows rows) =>
        new(rows.Up.OrderByDescending(row => row.StartedAt).Take(MostShown).Select(row => new ListedCall(row)), rows.Up.Count);

    private static LiveMessage Message<T>(string name, T data, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> info) =>
        new(name, PlainJson.Bytes(data, info));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live calls cannot be followed now; trying again: {Reason}")]
    private partial void LogAway(string reason);
}
