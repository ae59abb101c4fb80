using EventCalls.Contracts;

namespace EventCalls.Store.Appending;

/// <summary>Decides what an append stores: the rules of the streams, the same for every database.</summary>
public sealed class AppendPlan
{
    private readonly List<EventToAppend> _waiting = [];
    private readonly List<EventToAppend> _late = [];
    private int _duplicates;

    private AppendPlan(int capacity) => Stored = new List<PlannedEvent>(capacity);

    /// <summary>What goes into the streams, in the order given.</summary>
    public List<PlannedEvent> Stored { get; }

    /// <summary>What is kept beside its stream, because the stream has ended.</summary>
    public IReadOnlyList<EventToAppend> Late => _late;

    /// <summary>What the append tells its caller.</summary>
    public AppendResult Result => new() { Stored = Stored.Count, Duplicates = _duplicates, Waiting = _waiting, Late = _late };

    /// <summary>Plans the append; changes the streams' states to what they are afterwards.</summary>
    /// <param name="events">The events, causes before their effects where both are there.</param>
    /// <param name="streams">The state of every stream the events belong to.</param>
    public static AppendPlan Make(IReadOnlyList<EventToAppend> events, IReadOnlyDictionary<Guid, StreamState> streams)
    {
        var plan = new AppendPlan(events.Count);
        foreach (var e in events)
            plan.Add(e, streams[e.Event.CallId]);
        return plan;
    }

    private void Add(EventToAppend e, StreamState stream)
    {
        var cause = e.Event.CausationId;
        if (stream.Knows(e.Event.EventId))
        {
            _duplicates++;
        }
        else if (stream.Ended)
        {
            // Before the cause is looked at: the cause of a late event may itself be late, and would be waited for in vain.
            _late.Add(e);
        }
        else if ((cause != Guid.Empty && !stream.Knows(cause)) || (e.Event.AfterId is { } before && !e.IsOverdue && !stream.Knows(before)))
        {
            _waiting.Add(e);
        }
        else
        {
            stream.Know(e.Event.EventId);
            stream.Ended = e.Event is CallEnded;
            stream.IsStarted |= e.Event is CallStarted;
            stream.Row = CallProjection.Apply(stream.Row, e.Event, ++stream.Version);
            Stored.Add(new PlannedEvent(e, stream.Version));
        }
    }
}
