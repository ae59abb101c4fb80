using EventCalls.Contracts;
using JasperFx.Events;
using Marten;
using Marten.Events.Archiving;
using Marten.Events.Projections;

namespace CallAnalytics;

/// <summary>Counts transfers by target and hour, asynchronously: Marten's daemon runs it behind the recorder.</summary>
internal sealed class AnswerRates : MultiStreamProjection<TargetHour, string>
{
    public AnswerRates()
    {
        IncludeType<TransferCompleted>();
        IncludeType<TransferFailed>();
        CustomGrouping(async (session, events, grouping) =>
        {
            // An outcome does not name its target again; the beginning of the attempt does. One query for a page of events.
            var outcomes = events.Where(e => AttemptOf(e) is not null).ToList();
            Guid[] calls = [.. outcomes.Select(e => e.StreamId).Distinct()];
            var begun = (await session.Events.QueryAllRawEvents()
                    .Where(e => e.MaybeArchived() && e.EventTypeName == "transfer_started" && e.StreamId.IsOneOf(calls))
                    .ToListAsync())
                .Select(e => e.Data).OfType<TransferStarted>().ToLookup(e => (e.HandoffId, e.Attempt));
            foreach (var e in outcomes)
            {
                // None where a handoff was refused before anything was tried. Hanging up and rejecting have no target.
                if (begun[AttemptOf(e)!.Value].FirstOrDefault() is { Target.Length: > 0 } attempt)
                    grouping.AddEvent(TargetHour.IdOf(attempt.Target, attempt.OccurredAt), e);
            }
        });
    }

    public override TargetHour Evolve(TargetHour? snapshot, string id, IEvent e)
    {
        var before = snapshot ?? TargetHour.Empty(id);
        if (e.Data is TransferFailed)
        {
            int failed = before.FailedInARow + 1;
            return before with { Decided = before.Decided + 1, FailedInARow = failed, MostFailedInARow = Math.Max(failed, before.MostFailedInARow) };
        }
        var done = before with { Decided = before.Decided + 1, FailedInARow = 0 };
        return e.Data is TransferCompleted { Outcome: TransferOutcome.Answered } ? done with { Answered = before.Answered + 1 } : done with { Accepted = before.Accepted + 1 };
    }

    private static (Guid Handoff, int Attempt)? AttemptOf(IEvent e) => e.Data switch
    {
        TransferCompleted completed => (completed.HandoffId, completed.Attempt),
        TransferFailed failed => (failed.HandoffId, failed.Attempt),
        _ => null,
    };
}
