using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Calls;

/// <summary>A page of a list of calls.</summary>
/// <param name="Calls">The calls, as <c>calls list --json</c> has them.</param>
/// <param name="Next">What <c>after</c> is for the next page; null when this is the last one.</param>
internal sealed record CallPage(IEnumerable<ListedCall> Calls, string? Next);

/// <summary>One call by itself: what lists have of it, and what else the projection knows.</summary>
/// <param name="row">The call as the projection has it.</param>
internal sealed class DetailedCall(CallRow row)
{
    // Members are written in the order in which they stand here; the first ones are those of lists.
    public Guid CallId => row.CallId;

    public string SipCallId => row.SipCallId;

    public DateTimeOffset StartedAt => row.StartedAt;

    public DateTimeOffset? EndedAt => row.EndedAt;

    public string Caller => row.Caller;

    public string Callee => row.Callee;

    public string Trunk => row.Trunk;

    public string? Flow => row.Flow;

    public HandoffMethod? Handoff => row.Handoff;

    public string? Target => row.Target;

    public TransferOutcome? Outcome => row.Outcome;

    public int Attempts => row.Attempts;

    public string? LogicVersion => row.LogicVersion;

    public string? Reason => row.Reason;

    public string Node => row.Node;

    public DateTimeOffset? AnsweredAt => row.AnsweredAt;

    public CallParty? EndedBy => row.EndedBy;

    public CallEndCause? EndCause => row.EndCause;

    public long? DecisionUs => row.DecisionMicroseconds;

    public long? PostDialDelayMs => row.PostDialDelayMs;

    public DateTimeOffset? MaskedAt => row.MaskedAt;

    public long Events => row.Version;
}
