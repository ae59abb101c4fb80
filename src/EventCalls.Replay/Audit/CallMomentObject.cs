using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>A call as of one of its events, as JSON.</summary>
/// <param name="moment">What was known then.</param>
/// <param name="events">The whole stream; what came later is left out.</param>
public sealed class CallMomentObject(CallMoment moment, IReadOnlyList<StoredEvent> events)
{
    // The members are written in the order in which they stand here.
    public Guid CallId => moment.Row.CallId;

    public int At => moment.At;

    public int Of => moment.Of;

    public DateTimeOffset OccurredAt => moment.OccurredAt;

    public long SinceStartMs => (long)(moment.OccurredAt - moment.StartedAt).TotalMilliseconds;

    public CallPhase Phase => moment.Phase;

    public string? Flow => moment.Row.Flow;

    public string? LogicVersion => moment.Row.LogicVersion;

    public IReadOnlyDictionary<string, JsonElement> State => moment.State;

    public DateTimeOffset? CallerAnsweredAt => moment.CallerAnsweredAt;

    public DateTimeOffset? TargetAnsweredAt => moment.TargetAnsweredAt;

    public string? ConnectedTo => moment.ConnectedTo;

    public RequestedSteps? Handoff => moment.Handoff is { } handoff ? new RequestedSteps(handoff.HandoffId, handoff.RequestedBy, handoff.Steps) : null;

    public IReadOnlyList<AttemptMoment> Attempts => moment.Attempts;

    public TransferOutcome? Outcome => moment.Row.Outcome;

    public MomentOfEnd? Ended => moment.Ended is { } ended ? new MomentOfEnd(ended.EndedBy, ended.Cause, ended.Status) : null;

    public IEnumerable<ListedEvent> Events => ListedEvent.Of(events.Take(moment.At));
}

/// <summary>A handoff that was asked for.</summary>
/// <param name="HandoffId">Its id.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Steps">What is to be tried, in order.</param>
public sealed record RequestedSteps(Guid HandoffId, Requester RequestedBy, [property: JsonConverter(typeof(AsInEvents<IReadOnlyList<Handoff>>))] IReadOnlyList<Handoff> Steps);

/// <summary>A call's end.</summary>
/// <param name="By">Who ended it.</param>
/// <param name="Cause">Why.</param>
/// <param name="Status">The final status the caller got, 200–699; null when there was none.</param>
public sealed record MomentOfEnd(CallParty By, CallEndCause Cause, int? Status);
