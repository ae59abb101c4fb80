using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Commands;

/// <summary>Gives commands to the calls of this process directly, and to those of other nodes over the broker. Safe from any thread.</summary>
/// <remarks>Nothing is opened and nothing is subscribed to before the first command for another node.</remarks>
public sealed class CallCommands : ICallCommands, IAsyncDisposable
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly CommandsHere? _here;
    private readonly RemoteCommands? _remote;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="options">The bus.</param>
    /// <param name="here">The calls of this process; null when it has none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public CallCommands(BusOptions options, CommandsHere? here, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_here, _time, _logger) = (here, time, logger);
        _remote = options.RabbitMq is null ? null : new RemoteCommands(options);
    }

    /// <inheritdoc />
    public async Task<CommandAnswer> SendAsync(CallCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Node.Length == 0)
            return new CommandAnswer { CommandId = command.CommandId, Result = CommandResult.Invalid, Problem = "it does not name the node that has the call" };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, Limit, Timeout.InfiniteTimeSpan);
        try
        {
            if (_here is { } here && here.Node == command.Node)
                return await here.TakeAsync(command).WaitAsync(limit.Token).ConfigureAwait(false);
            if (_remote is null)
                return NoAnswer(command, $"there is no node {command.Node} in this process, and no broker is configured over which others are reached");
            return await _remote.AskAsync(command, limit.Token).ConfigureAwait(false) ?? NoAnswer(command, $"the node {command.Node} has no queue on the broker: it is gone, and its calls with it");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer(command, $"the node {command.Node} did not answer within {Limit.TotalSeconds:0} s; the command may still be carried out, and can be given again with the same id");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.LogWarning(e, "The command {Command} for the call {Call} could not be given to the node {Node}", command.CommandId, command.CallId, command.Node);
            return NoAnswer(command, $"the node {command.Node} could not be asked: {e.Message}");
        }
    }

    /// <summary>Answers a command that came over the broker.</summary>
    /// <param name="context">What it came in; may be done with already.</param>
    /// <param name="answer">The answer.</param>
    /// <exception cref="InvalidOperationException">It did not come over the broker, or does not say who asks.</exception>
    public async Task AnswerAsync(ConsumeContext context, CommandAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_remote is null || !context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var received) || received.Properties.ReplyTo is not { Length: > 0 } replyTo)
            throw new InvalidOperationException("The command does not say who asks.");
        using var limit = new CancellationTokenSource(Limit, _time);
        await _remote.AnswerAsync(replyTo, answer, limit.Token).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _remote?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static CommandAnswer NoAnswer(CallCommand command, string problem) =>
        new() { CommandId = command.CommandId, Result = CommandResult.NoAnswer, Problem = problem };
}

/// <summary>The calls of this process, as far as commands reach them.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="TakeAsync">Gives a command to its call; completes with the answer.</param>
public sealed record CommandsHere(string Node, Func<CallCommand, Task<CommandAnswer>> TakeAsync);
