using System.Buffers.Binary;
using EventCalls.Contracts;

namespace EventCalls.Bus.Journal;

/// <summary>Makes the spans of a call of what its events say: an event that ends something knows when that began.</summary>
internal static class EventSpans
{
    /// <summary>An event was written down.</summary>
    public static void Of(CallEvent e)
    {
        if (e is not (CallEnded or FlowSelected or RoutingFailed or RoutingTimedOut or TransferCompleted or TransferFailed) || !CallTrace.IsTraced(e.CallId))
            return;
        switch (e)
        {
            case CallEnded ended:
                Add(ended, CallTrace.Call, ended.OccurredAt.AddMilliseconds(-ended.DurationMs), null, ("eventcalls.cause", WireName.Of(ended.Cause)), ("eventcalls.ended_by", WireName.Of(ended.EndedBy)), ("sip.status", ended.Status));
                break;
            case FlowSelected selected:
                Add(selected, "decide", selected.OccurredAt.AddMicroseconds(-selected.DecisionMicroseconds), null, ("eventcalls.flow", selected.Flow), ("eventcalls.logic", selected.LogicVersion), ("eventcalls.decided_by", selected.DecidedBy));
                break;
            case RoutingFailed failed:
                Add(failed, "decide", failed.OccurredAt, WireName.Of(failed.Cause), ("eventcalls.logic", failed.LogicVersion));
                break;
            case RoutingTimedOut timedOut:
                Add(timedOut, "decide", timedOut.OccurredAt.AddMilliseconds(-timedOut.DeadlineMs), "deadline");
                break;
            case TransferCompleted completed:
                Add(completed, "transfer", Begun(completed), null, ("eventcalls.method", WireName.Of(completed.Method)), ("eventcalls.outcome", WireName.Of(completed.Outcome)), ("eventcalls.attempt", completed.Attempt));
                break;
            case TransferFailed failed:
                Add(failed, "transfer", Begun(failed), WireName.Of(failed.Outcome), ("eventcalls.method", WireName.Of(failed.Method)), ("eventcalls.outcome", WireName.Of(failed.Outcome)), ("eventcalls.attempt", failed.Attempt));
                break;
        }
    }

    /// <summary>The bus has what an entry says.</summary>
    public static void Confirmed(JournalEntry entry, TimeProvider time)
    {
        var first = entry.Events[0];
        if (CallTrace.IsTraced(first.CallId))
            CallTrace.Add(first.CallId, "confirm", first.OccurredAt, time.GetUtcNow(), [("eventcalls.event", CallEventNames.Of(first)), ("eventcalls.events", entry.Events.Length)]);
    }

    private static void Add(CallEvent e, string name, DateTimeOffset from, string? error, params ReadOnlySpan<(string Name, object? Value)> tags) =>
        CallTrace.Add(e.CallId, name, from, e.OccurredAt, tags, error);

    // What came of an attempt is caused by its beginning, and the ids of events have their time in them (UUIDv7, RFC 9562 §5.7).
    private static DateTimeOffset Begun(CallEvent e)
    {
        Span<byte> id = stackalloc byte[16];
        e.CausationId.TryWriteBytes(id, bigEndian: true, out _);
        return e.CausationId.Version == 7 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(id) >> 16)) : e.OccurredAt;
    }
}
