using System.Collections.Concurrent;
using EventCalls.Contracts;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace EventCalls.Marten.Tests.Applications;

/// <summary>A transfer that failed, as an application notes it.</summary>
internal sealed record Complaint(Guid Id, Guid Call, TransferOutcome Outcome);

/// <summary>Notes each transfer that failed: as a document, in the transaction that also moves the subscription on, and in a list of what it was handed.</summary>
internal sealed class FailedTransfers : SubscriptionBase
{
    private readonly ConcurrentQueue<Guid> _seen;

    public FailedTransfers(ConcurrentQueue<Guid> seen)
    {
        _seen = seen;
        Name = "failed-transfers";
        IncludeType<TransferFailed>();
    }

    public override Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        foreach (var e in page.Events)
        {
            var failed = (TransferFailed)e.Data;
            _seen.Enqueue(e.Id);
            operations.Insert(new Complaint(e.Id, e.StreamId, failed.Outcome));
        }
        return Task.FromResult(NullChangeListener.Instance);
    }
}
