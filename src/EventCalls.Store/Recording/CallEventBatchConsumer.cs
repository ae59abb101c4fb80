using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Store.Recording;

/// <summary>Stores the events of a batch; done when all of them are stored.</summary>
public sealed class CallEventBatchConsumer(AppendQueue queue) : IConsumer<CallEventBatch>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<CallEventBatch> context)
    {
        var batch = EventBatchReading.Of(context.Message);
        await queue.AppendAsync(batch.Events, context.CancellationToken);
        if (batch.Unreadable is { } unreadable)
            throw unreadable;
    }
}
