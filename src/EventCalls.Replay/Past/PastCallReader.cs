using EventCalls.Contracts;
using EventCalls.Contracts.Reading;
using EventCalls.Store;

namespace EventCalls.Replay.Past;

/// <summary>Reads a call's stream into what deciding it again needs. Whatever is in the stream, it gives an answer.</summary>
internal static class PastCallReader
{
    /// <summary>The stored names of the events that are looked at; the others need not be read from the store.</summary>
    public static readonly IReadOnlyList<string> EventTypes =
    [
        "call_started", "call_answered", "flow_selected", "handoff_requested", "routing_failed", "routing_timed_out",
        "transfer_started", "transfer_completed", "transfer_failed", "refer_received", "command_taken", "state_changed",
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
                Add(fold, stored);
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

    private static void Add(PastCallFold fold, StoredEvent stored)
    {
        switch (stored.Type)
        {
            case "call_started":
                fold.Add(EventFields.Read(stored.Data.Span).ToCallStarted());
                break;
            case "flow_selected":
                fold.Add(EventFields.Read(stored.Data.Span).ToFlowSelected());
                break;
            case "handoff_requested":
                fold.Add(EventFields.Read(stored.Data.Span).ToHandoffRequested());
                break;
            case "transfer_started":
                fold.Add(EventFields.Read(stored.Data.Span).ToTransferStarted());
                break;
            case "transfer_completed":
                var completed = EventFields.Read(stored.Data.Span);
                fold.AddCompleted(
                    EventFields.Need(completed.HandoffId, "handoffId"), EventFields.Need(completed.Attempt, "attempt"),
                    EventFields.Need(completed.Outcome, "outcome"), completed.PostDialDelayMs);
                break;
            case "call_answered" or "routing_failed" or "routing_timed_out" or "transfer_failed" or "refer_received" or "command_taken" or "state_changed":
                fold.Add(stored.Read());
                break;
        }
    }

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
