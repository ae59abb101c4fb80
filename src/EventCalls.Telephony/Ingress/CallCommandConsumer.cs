using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Takes the commands that are for calls of this node, and gives each to its call; the answer goes back to who asks.</summary>
/// <remarks>
/// The message is done with when the call's shard has it: what the queue holds behind it, handoffs too, does not wait for the command to be recorded.
/// A command delivered again is known to its call, which answers alike and does nothing more.
/// </remarks>
/// <param name="ingress">Where the calls are.</param>
/// <param name="answer">Sends an answer to who asks; the message may be done with by then.</param>
/// <param name="logger">The log.</param>
public sealed class CallCommandConsumer(IngressService ingress, Func<ConsumeContext, CommandAnswer, Task> answer, ILogger logger) : IConsumer<CallCommand>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<CallCommand> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = AnswerAsync(context, ingress.TakeAsync(context.Message));
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(ConsumeContext<CallCommand> context, Task<CommandAnswer> answering)
    {
        try
        {
            await answer(context, await answering.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Who asked has gone, or the broker has; the command is carried out nevertheless, and may be given again.
            logger.LogWarning(e, "The command {Command} for the call {Call} could not be answered", context.Message.CommandId, context.Message.CallId);
        }
    }
}
