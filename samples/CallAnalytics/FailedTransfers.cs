using EventCalls.Contracts;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace CallAnalytics;

/// <summary>A transfer that failed: a document, and a line on standard output.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Position">The event's position among all events.</param>
/// <param name="Call">The call.</param>
/// <param name="At">When it failed, UTC.</param>
/// <param name="Method">How it was tried.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Final">Whether nothing else was tried.</param>
public sealed record FailedTransfer(Guid Id, long Position, Guid Call, DateTimeOffset At, HandoffMethod Method, TransferOutcome Outcome, bool Final);

/// <summary>Reacts to each transfer that failed, in order.</summary>
/// <remarks>
/// The document commits with the subscription's progress, so that it is there once. The line stands for whatever is done elsewhere, a message to a chat for instance: after a crash, or when
/// the database was away, it is written again for what had not been committed. Who gets it has to know it again by the event's id or position.
/// </remarks>
internal sealed class FailedTransfers : SubscriptionBase
{
    public FailedTransfers()
    {
        Name = "call-analytics-failed-transfers";
        IncludeType<TransferFailed>();
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        foreach (var e in page.Events)
        {
            var failed = (TransferFailed)e.Data;
            operations.Insert(new FailedTransfer(e.Id, e.Sequence, e.StreamId, e.Timestamp, failed.Method, failed.Outcome, failed.Final));
            await Console.Out.WriteLineAsync($"transfer failed #{e.Sequence}: call {e.StreamId}, attempt {failed.Attempt} by {failed.Method}: {failed.Outcome}");
        }
        return NullChangeListener.Instance;
    }
}
