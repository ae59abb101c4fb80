using EventCalls.Contracts;

namespace EventCalls.Import;

/// <summary>The events of an imported call while they are put together: ids that come out the same every time, and no effect before its cause.</summary>
internal sealed class ImportedStream
{
    private readonly List<CallEvent> _events = [];
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DateTimeOffset> _times = [];
    private int _handoffs;

    /// <param name="callId">The call.</param>
    /// <param name="file">The name of the file it comes from.</param>
    public ImportedStream(Guid callId, string file)
    {
        CallId = callId;
        File = file;
        Node = NodePrefix + file;
    }

    /// <summary>How the node of every imported call begins; what follows is the file's name.</summary>
    public const string NodePrefix = "import:";

    /// <summary>The call.</summary>
    public Guid CallId { get; }

    /// <summary>The name of the file.</summary>
    public string File { get; }

    /// <summary>The node's name.</summary>
    public string Node { get; }

    /// <summary>The id of a new handoff.</summary>
    public Guid NextHandoff() => EventIds.Derive(CallId, "handoff", _handoffs++);

    /// <summary>Adds that a leg, <c>caller</c> or <c>target</c>, was answered.</summary>
    public void AddAnswered(string leg, Guid cause, Guid? handoff, DateTimeOffset at) => Add(new CallAnswered
    {
        EventId = default,
        CallId = default,
        CausationId = cause,
        OccurredAt = at,
        Leg = leg,
        HandoffId = handoff,
    });

    /// <summary>Takes an event; its id and call are filled in, and its time is not before its cause's. Returns the id.</summary>
    public Guid Add(CallEvent e)
    {
        string name = CallEventNames.Of(e);
        int ordinal = _ordinals.GetValueOrDefault(name);
        _ordinals[name] = ordinal + 1;
        var at = e.OccurredAt;
        if (_times.TryGetValue(e.CausationId, out var cause) && cause > at)
            at = cause;
        e = e with { EventId = EventIds.Derive(CallId, name, ordinal), CallId = CallId, OccurredAt = at };
        _times.Add(e.EventId, at);
        _events.Add(e);
        return e.EventId;
    }

    /// <summary>Ends the call: the last event, caused by the one before it and not earlier than any.</summary>
    public IReadOnlyList<CallEvent> End(CallEnded ended)
    {
        // Those of one moment stay in the order they were added in, causes first.
        var ordered = _events.OrderBy(e => e.OccurredAt).ToList();
        var last = ordered[^1];
        ordered.Add(ended with
        {
            EventId = EventIds.Derive(CallId, CallEventNames.Of(ended)),
            CallId = CallId,
            CausationId = last.EventId,
            OccurredAt = ended.OccurredAt > last.OccurredAt ? ended.OccurredAt : last.OccurredAt,
        });
        return ordered;
    }
}
