using MassTransit;

namespace EventCalls.Bus;

/// <summary>Consumes what goes to the recorder and counts it, so that a stop can wait until the in-process bus has brought everything to the store.</summary>
public sealed class CountingConsumer<T>(IConsumer<T> recorder, BusPort port) : IConsumer<T>
    where T : class
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<T> context)
    {
        await recorder.Consume(context).ConfigureAwait(false);
        port.CountRecorded();
    }
}
