using EventCalls.Store;

namespace EventCalls.Console.Live;

/// <summary>The calls that are up, folded from events as they are stored. Not safe from several threads.</summary>
internal sealed class LiveRows
{
    // What an import stores is no news.
    private static readonly TimeSpan s_news = TimeSpan.FromDays(1);

    private readonly Dictionary<Guid, CallRow> _up = [];
    private readonly Dictionary<Guid, LiveChange> _changed = [];
    private readonly HashSet<Guid> _unknown = [];
    private int _began;

    /// <summary>The calls that are up.</summary>
    public IReadOnlyCollection<CallRow> Up => _up.Values;

    /// <summary>Calls that were heard of and whose beginning was not; whoever finds them gives them to <see cref="Add"/>.</summary>
    /// <param name="most">How many at most; the others are there the next time.</param>
    public IReadOnlyList<Guid> TakeUnknown(int most)
    {
        Guid[] unknown = [.. _unknown.Take(most)];
        _unknown.ExceptWith(unknown);
        return unknown;
    }

    /// <summary>Puts a call in that is up.</summary>
    /// <param name="row">The call.</param>
    /// <param name="isNews">Whether listeners do not know of it.</param>
    public void Add(CallRow row, bool isNews = false)
    {
        if (row.EndedAt is null && _up.TryAdd(row.CallId, row) && isNews)
            _changed[row.CallId] = new LiveChange(row, LiveKind.Updated);
    }

    /// <summary>Takes an event as it is stored; one that the row has already is passed over.</summary>
    public void Take(StoredEvent e, DateTimeOffset now)
    {
        if (!_up.TryGetValue(e.CallId, out var row))
        {
            if (e.Version > 1)
            {
                if (e.Type != "call_ended")
                    _unknown.Add(e.CallId);
                return;
            }
            row = CallProjection.Apply(null, e);
            if (now - row.StartedAt > s_news)
                return;
            _changed[e.CallId] = new LiveChange(row, LiveKind.Started);
            _began++;
        }
        else if (e.Version <= row.Version)
        {
            return;
        }
        else
        {
            row = CallProjection.Apply(row, e);
            var kind = row.EndedAt is not null ? LiveKind.Ended : _changed.TryGetValue(e.CallId, out var before) ? before.Kind : LiveKind.Updated;
            _changed[e.CallId] = new LiveChange(row, kind);
        }
        if (row.EndedAt is null)
            _up[e.CallId] = row;
        else
            _up.Remove(e.CallId);
    }

    /// <summary>What has changed since it was asked last: each call once, as it is now.</summary>
    /// <param name="began">How many calls began.</param>
    public IReadOnlyList<LiveChange> TakeChanges(out int began)
    {
        LiveChange[] changes = [.. _changed.Values];
        _changed.Clear();
        (began, _began) = (_began, 0);
        return changes;
    }
}

/// <summary>A call that changed.</summary>
/// <param name="Row">The call now.</param>
/// <param name="Kind">What kind of change; of several the one that says most.</param>
internal readonly record struct LiveChange(CallRow Row, LiveKind Kind);

/// <summary>Kinds of changes.</summary>
internal enum LiveKind
{
    Started,
    Updated,
    Ended,
}
