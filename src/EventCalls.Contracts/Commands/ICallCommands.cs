namespace EventCalls.Contracts;

/// <summary>Gives commands to calls, wherever they are; implemented where the bus is known.</summary>
public interface ICallCommands
{
    /// <summary>Sends the command to the node that owns the call, and returns its answer; <see cref="CommandResult.NoAnswer"/> when that takes longer than some seconds.</summary>
    Task<CommandAnswer> SendAsync(CallCommand command, CancellationToken cancellationToken);
}
