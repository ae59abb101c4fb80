using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Store;

namespace EventCalls.Simulation.Live;

/// <summary>A call as its stream tells it.</summary>
public sealed record CallStory
{
    /// <summary>What the list of calls shows of it.</summary>
    public required CallRow Row { get; init; }

    /// <summary>Every attempt that has an outcome, in order, with the SIP status that decided it where there was one.</summary>
    public required IReadOnlyList<(HandoffMethod Method, TransferOutcome Outcome, int? Status)> Attempts { get; init; }

    /// <summary>The end; null while the call is open.</summary>
    public CallEnded? Ended { get; init; }

    /// <summary>What is wrong with the stream itself; null for a sound one.</summary>
    public string? Flaw { get; init; }

    /// <summary>What happened, in two or three words.</summary>
    public string InWords => What(this);

    /// <summary>The user part of the last target's URI, or else the whole of it; empty when there was none.</summary>
    public string TargetUser => Row.Target is not { } target ? "" : SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri) && !uri.User.IsEmpty ? SipText.Get(uri.User) : target;

    /// <summary>Folds a stream; null for an empty one.</summary>
    public static CallStory? Of(IReadOnlyList<StoredEvent> events)
    {
        CallRow? row = null;
        CallEnded? ended = null;
        string? flaw = null;
        var attempts = new List<(HandoffMethod, TransferOutcome, int?)>();
        var ids = new HashSet<Guid>();
        foreach (var stored in events)
        {
            var e = stored.Read();
            flaw ??= FlawOf(stored, e, ids, ended);
            ids.Add(e.EventId);
            row = CallProjection.Apply(row, e, stored.Version);
            switch (e)
            {
                case TransferCompleted completed:
                    attempts.Add((completed.Method, completed.Outcome, completed.Evidence.Status));
                    break;
                case TransferFailed failed:
                    attempts.Add((failed.Method, failed.Outcome, failed.Evidence.Status));
                    break;
                case CallEnded end:
                    ended = end;
                    break;
            }
        }
        return row is null ? null : new CallStory { Row = row, Attempts = attempts, Ended = ended, Flaw = flaw };
    }

    private static string? FlawOf(StoredEvent stored, CallEvent e, HashSet<Guid> before, CallEnded? ended)
    {
        if (stored.Version != before.Count + 1)
            return $"event {before.Count + 1} of the stream has version {stored.Version}";
        if (before.Count == 0 != e is CallStarted)
            return $"event {stored.Version} is {stored.Type}, and call_started is the first event and no other";
        if (e is not CallStarted && !before.Contains(e.CausationId))
            return $"event {stored.Version}, {stored.Type}, stands before its cause";
        return ended is null ? null : $"event {stored.Version}, {stored.Type}, comes after the end";
    }

    private static string What(CallStory story)
    {
        if (story.Ended is not { } ended)
            return "still open";
        // What went wrong on the way says more than who hung up in the end.
        if (story.Attempts is [.., var failed, { Outcome: TransferOutcome.Answered }])
            return failed.Outcome == TransferOutcome.NoAnswer || failed.Status is null ? $"after {Plain(failed.Outcome)}" : $"after a {failed.Status}";
        return ended.Cause switch
        {
            CallEndCause.Transferred => "SBC took over",
            CallEndCause.HungUp => $"{Plain(ended.EndedBy)} hung up",
            CallEndCause.Cancelled => "cancelled",
            _ when ended.Status is { } status => $"{status} to caller",
            CallEndCause.GivenBack or CallEndCause.Rejected => "BYE to caller",
            _ => Plain(ended.Cause),
        };
    }

    private static string Plain<T>(T value)
        where T : struct, Enum => WireName.Of(value).Replace('_', ' ');
}
