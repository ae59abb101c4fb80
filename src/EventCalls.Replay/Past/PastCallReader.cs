using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Past;

/// <summary>Reads a call's stream into what deciding it again needs. Whatever is in the stream, it gives an answer.</summary>
internal static class PastCallReader
{
    /// <summary>The stored names of the events that are looked at; the others need not be read from the store.</summary>
    public static readonly IReadOnlyList<string> EventTypes =
    [
        "call_started", "call_answered", "flow_selected", "handoff_requested", "routing_failed", "routing_timed_out",
        "transfer_started", "transfer_completed", "transfer_failed", "call_ended",
    ];

    public static PastCall Read(CallHistory history)
    {
        var fold = new PastCallFold();
        StoredEvent? current = null;
        try
        {
            foreach (var stored in history.Events)
            {
                current = stored;
                if (Matters(stored.Type))
                    fold.Add(stored.Read());
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Damaged(history.Call, fold, $"event {current!.Version} ({current.Type}) cannot be read: {e.Message}");
        }
        return fold.Started is null
            ? Damaged(history.Call, fold, "the stream has no call_started")
            : fold.ToCall(history.Call);
    }

    private static bool Matters(string type) => type
        is "call_started" or "call_answered" or "flow_selected" or "handoff_requested" or "routing_failed" or "routing_timed_out"
        or "transfer_started" or "transfer_completed" or "transfer_failed";

    private static PastCall Damaged(CallRow row, PastCallFold fold, string what) => new()
    {
        Row = row,
        Started = fold.Started ?? FromRow(row),
        Attempts = fold.Attempts,
        Problem = $"the recorded call is damaged: {what}",
    };

    // Enough to name the call in a report.
    private static CallStarted FromRow(CallRow row) => new()
    {
        EventId = row.LastEventId,
        CallId = row.CallId,
        CausationId = Guid.Empty,
        OccurredAt = row.StartedAt,
        Node = row.Node,
        Trunk = row.Trunk,
        Transport = "",
        RemoteEndPoint = "",
        SipCallId = row.SipCallId,
        RequestUri = "",
        CallerNumber = row.Caller,
        CalleeNumber = row.Callee,
        Headers = [],
    };
}
