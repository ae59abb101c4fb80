using EventCalls.Contracts;
using EventCalls.Store.Recording;
using MassTransit;

namespace EventCalls.Host.Composition;

/// <summary>Records a batch and counts it, so that a stop can wait until the in-process bus has brought everything to the store.</summary>
internal sealed class CountingBatchConsumer(CallEventBatchConsumer recorder, BusPort port) : IConsumer<CallEventBatch>
{
    public async Task Consume(ConsumeContext<CallEventBatch> context)
    {
        await recorder.Consume(context).ConfigureAwait(false);
        port.CountRecorded();
    }
}
