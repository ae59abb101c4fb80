using EventCalls.Bus.Client;
using EventCalls.Contracts;
using MassTransit;

namespace CallListener;

/// <summary>Writes a line for each event that is recorded, of whatever kind.</summary>
internal sealed class RecordedConsumer : IConsumer<CallEventBatch>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<CallEventBatch> context)
    {
        foreach (var e in context.Message.ReadEvents())
            await Console.Out.WriteLineAsync($"recorded {e.CallId}: {CallEventNames.Of(e)}");
    }
}
