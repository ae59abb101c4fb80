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
    public void AddAnswered(string leg, Guid cause, Guid? handoff, DateTimeOffset at) => Add(cause, at, new CallAnswered { Leg = leg, HandoffId = handoff });

    /// <summary>Stamps an event and takes it; its time is not before its cause's. Returns the id.</summary>
    public Guid Add(Guid causeId, DateTimeOffset at, CallEvent e)
    {
        string name = CallEventNames.Of(e);
        int ordinal = _ordinals.GetValueOrDefault(name);
        _ordinals[name] = ordinal + 1;
        if (_times.TryGetValue(causeId, out var cause) && cause > at)
            at = cause;
        e = new EventStamp(EventIds.Derive(CallId, name, ordinal), CallId, causeId, at).On(e);
        _times.Add(e.EventId, at);
        _events.Add(e);
        return e.EventId;
    }

    /// <summary>Ends the call: the last event, caused by the one before it and not earlier than any.</summary>
    public IReadOnlyList<CallEvent> End(DateTimeOffset at, CallEnded ended)
    {
        // Those of one moment stay in the order they were added in, causes first.
        var ordered = _events.OrderBy(e => e.OccurredAt).ToList();
        var last = ordered[^1];
        ordered.Add(new EventStamp(EventIds.Derive(CallId, CallEventNames.Of(ended)), CallId, last.EventId, at > last.OccurredAt ? at : last.OccurredAt).On(ended));
        return ordered;
    }
}
