using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Store.Recording;

/// <summary>Takes a probe out of a queue when what came before it is written.</summary>
/// <param name="queue">The queue it is consumed from.</param>
/// <param name="appends">What the queue's messages go into; null when a message is written before the next one is consumed.</param>
public sealed class RecorderProbeConsumer(ProbedQueue queue, AppendQueue? appends = null) : IConsumer<RecorderProbe>
{
    private int _isWaiting;

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<RecorderProbe> context)
    {
        if (appends is not null)
        {
            // One waits for the store; more would only take the places of the messages.
            if (Interlocked.Exchange(ref _isWaiting, 1) == 1)
                return;
            try
            {
                await appends.FlushAsync(context.CancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Volatile.Write(ref _isWaiting, 0);
            }
        }
        queue.TakeBack(context.Message);
    }
}
