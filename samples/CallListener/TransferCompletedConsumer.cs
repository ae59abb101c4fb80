using EventCalls.Contracts;
using MassTransit;

namespace CallListener;

/// <summary>Writes a line for each transfer that was done.</summary>
internal sealed class TransferCompletedConsumer : IConsumer<TransferCompleted>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TransferCompleted> context)
    {
        var done = context.Message;
        return Console.Out.WriteLineAsync($"call {done.CallId}: {done.Method} {done.Outcome} by {done.AnsweredBy ?? "nobody known"}");
    }
}
