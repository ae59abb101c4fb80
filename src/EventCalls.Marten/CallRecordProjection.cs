using EventCalls.Contracts;
using EventCalls.Store;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventCalls.Marten;

/// <summary>Folds a call's events into its <see cref="CallRecord"/>, with the rules by which the list of calls is kept.</summary>
/// <remarks>Live without a word; <c>options.Projections.Add&lt;CallRecordProjection&gt;(ProjectionLifecycle.Async)</c> keeps the records as documents.</remarks>
public sealed class CallRecordProjection : SingleStreamProjection<CallRecord, Guid>
{
    /// <summary>The record after an event; null while the stream has none that is recorded of a call.</summary>
    public override CallRecord? Evolve(CallRecord? snapshot, Guid id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not CallEvent recorded)
            return snapshot is null ? null : snapshot with { Call = snapshot.Call with { LastEventId = e.Id, Version = e.Version } };
        var call = CallProjection.Apply(snapshot?.Call, recorded, e.Version);
        var record = snapshot is null ? new CallRecord { Id = id, Call = call } : snapshot with { Call = call };
        return recorded switch
        {
            TransferStarted started => record with { Attempts = [.. record.Attempts, Begun(started)] },
            TransferCompleted completed => Decided(record, completed.HandoffId, completed.Attempt, attempt => attempt with
            {
                EndedAt = completed.OccurredAt,
                Outcome = completed.Outcome,
                Evidence = completed.Evidence,
                PostDialDelayMs = completed.PostDialDelayMs,
                AnsweredBy = completed.AnsweredBy,
            }),
            TransferFailed failed => Decided(record, failed.HandoffId, failed.Attempt, attempt => attempt with
            {
                EndedAt = failed.OccurredAt,
                Outcome = failed.Outcome,
                Evidence = failed.Evidence,
                PostDialDelayMs = failed.PostDialDelayMs,
            }),
            _ => record,
        };
    }

    private static TransferAttempt Begun(TransferStarted started) => new()
    {
        HandoffId = started.HandoffId,
        Number = started.Attempt,
        Method = started.Method,
        Target = started.Target,
        StartedAt = started.OccurredAt,
    };

    // A handoff that was refused had no attempt: its failure is no attempt's.
    private static CallRecord Decided(CallRecord record, Guid handoff, int number, Func<TransferAttempt, TransferAttempt> decide) => record with
    {
        Attempts = [.. record.Attempts.Select(attempt => attempt.HandoffId == handoff && attempt.Number == number ? decide(attempt) : attempt)],
    };
}
