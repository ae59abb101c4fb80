using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>Folds a call's events, in the order of its stream, into its row of the <c>calls</c> projection.</summary>
/// <remarks>Pure: the same function keeps the projection up to date and makes it again from the streams.</remarks>
public static class CallProjection
{
    /// <summary>The most characters kept of a text: databases limit what fits into an index.</summary>
    public const int MaxText = 500;

    /// <summary>The row after the event.</summary>
    /// <param name="row">The row before it; null for the stream's first event.</param>
    /// <param name="e">The event.</param>
    /// <param name="version">The event's version in the stream.</param>
    public static CallRow Apply(CallRow? row, CallEvent e, long version)
    {
        row = Next(row, e.CallId, e.EventId, e.OccurredAt, version);
        return e switch
        {
            CallStarted started => row with
            {
                SipCallId = Text(started.SipCallId)!,
                StartedAt = Time(started.OccurredAt),
                Caller = Text(started.CallerNumber)!,
                Callee = Text(started.CalleeNumber)!,
                Trunk = Text(started.Trunk)!,
                Node = Text(started.Node)!,
                MaskedAt = started.MaskedAt is { } masked ? Time(masked) : null,
            },
            CallAnswered { Leg: "caller" } answered => row with { AnsweredAt = row.AnsweredAt ?? Time(answered.OccurredAt) },
            FlowSelected selected => row with
            {
                Flow = Text(selected.Flow),
                LogicVersion = Text(selected.LogicVersion),
                DecisionMicroseconds = selected.DecisionMicroseconds,
            },
            // A later handoff shows by its attempts: it may be refused because another one is under way, or came too late.
            HandoffRequested { Steps: [var first, ..] } requested when row.Attempts == 0 => row with
            {
                Handoff = first.Method,
                Target = Text(TargetOf(first)),
                Outcome = null,
                Reason = Text(requested.Reason),
            },
            // A handoff that is asked for while there is none under way is carried out, and so is a command, which was looked at before. One without a reason takes none away.
            HandoffRequested { Steps: [_, ..], Reason: { } reason } requested when row.EndedAt is null && (requested.RequestedBy == Requester.Api || row.Outcome is not null) => row with { Reason = Text(reason) },
            // Turning the caller away is how a failed transfer ends, and no transfer itself: what failed, and why, stays to be found. Of two who talk
            // nobody is turned away: a refusal there is how a command or a REFER comes to nothing.
            TransferStarted { Method: var method } when TurnsAway(row, method) => row,
            TransferCompleted { Method: var method } when TurnsAway(row, method) => row,
            TransferFailed { Method: var method } when TurnsAway(row, method) => row,
            TransferStarted started => row with
            {
                Handoff = started.Method,
                Target = started.Target.Length == 0 ? null : Text(started.Target),
                Outcome = null,
                PostDialDelayMs = null,
                Attempts = row.Attempts + 1,
            },
            TransferCompleted completed => row with { Outcome = completed.Outcome, PostDialDelayMs = completed.PostDialDelayMs },
            TransferFailed failed when !failed.Evidence.IsRefusal() => row with { Outcome = failed.Outcome, PostDialDelayMs = failed.PostDialDelayMs },
            CallEnded ended => row with { EndedAt = Time(ended.OccurredAt), EndedBy = ended.EndedBy, EndCause = ended.Cause },
            _ => row,
        };
    }

    /// <summary>The row after a stored event; one of a type that says nothing about the row is counted without being read.</summary>
    public static CallRow Apply(CallRow? row, StoredEvent e) => e.Type switch
    {
        "call_started" or "call_answered" or "flow_selected" or "handoff_requested" or "transfer_started"
            or "transfer_completed" or "transfer_failed" or "call_ended" => Apply(row, e.Read(), e.Version),
        _ => Next(row, e.CallId, e.EventId, row is null ? e.OccurredAt : default, e.Version),
    };

    /// <summary>A text as the projection keeps it, for comparing: without NUL, which databases do not take, and not too long.</summary>
    public static string? Text(string? text)
    {
        if (text is null)
            return null;
        if (text.Length > MaxText)
            text = text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
        return text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;
    }

    /// <summary>A time as the projection keeps it: UTC, whole microseconds.</summary>
    public static DateTimeOffset Time(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static bool TurnsAway(CallRow row, HandoffMethod method) =>
        row.Handoff is HandoffMethod.Invite or HandoffMethod.Refer or HandoffMethod.Redirect
        && row.Outcome is { } outcome
        && (method == HandoffMethod.Reject || (method == HandoffMethod.Bye && !TransferOutcomes.IsSuccess(outcome)));

    private static CallRow Next(CallRow? row, Guid callId, Guid eventId, DateTimeOffset occurredAt, long version) => row is null
        ? new CallRow { CallId = callId, StartedAt = Time(occurredAt), LastEventId = eventId, Version = version }
        : row with { LastEventId = eventId, Version = version };

    private static string? TargetOf(Handoff step) => step.Method switch
    {
        HandoffMethod.Invite => step.PhoneNumber,
        HandoffMethod.Refer => step.ReferTo ?? step.PhoneNumber,
        HandoffMethod.Redirect => step.Contacts is [var best, ..] ? best : null,
        _ => null,
    };
}
