using EventCalls.Contracts;
using JasperFx.Events;
using Marten.Events.Projections;

namespace EventCalls.Marten.Tests.Applications;

/// <summary>How many transfers a target answered.</summary>
internal sealed record TargetAnswers
{
    public string Id { get; init; } = "";

    public int Answered { get; init; }
}

/// <summary>Counts answered transfers by target, asynchronously.</summary>
internal sealed class AnsweredByTarget : MultiStreamProjection<TargetAnswers, string>
{
    public AnsweredByTarget()
    {
        IncludeType<TransferCompleted>();
        CustomGrouping(async (session, events, grouping) =>
        {
            foreach (var e in events.OfType<IEvent<TransferCompleted>>().Where(e => e.Data.Outcome == TransferOutcome.Answered))
            {
                // The outcome does not say the target again; the call as of this event does.
                var call = await session.Events.AggregateStreamAsync<CallRecord>(e.StreamId, e.Version);
                grouping.AddEvent(call!.Attempts.Single(a => a.HandoffId == e.Data.HandoffId && a.Number == e.Data.Attempt).Target, e);
            }
        });
    }

    public override TargetAnswers Evolve(TargetAnswers? snapshot, string id, IEvent e) =>
        (snapshot ?? new TargetAnswers { Id = id }) with { Answered = (snapshot?.Answered ?? 0) + 1 };
}
