using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

/// <summary>The node that has the calls: keeps what it is asked, and answers as it is told.</summary>
internal sealed class FakeOwner : ICallCommands
{
    public IReadOnlyList<CallCommand> Commands { get; private set; } = [];

    public Guid HandoffId { get; } = Guid.CreateVersion7();

    public CommandResult Result { get; set; }

    public string? Problem { get; set; }

    public double? CallerLevel { get; set; }

    public double? TargetLevel { get; set; }

    public Task<CommandAnswer> SendAsync(CallCommand command, CancellationToken cancellationToken)
    {
        Commands = [.. Commands, command];
        return Task.FromResult(new CommandAnswer { CommandId = command.CommandId, Result = Result, HandoffId = Result == CommandResult.Taken && command.Kind == CommandKind.Handoff ? HandoffId : null, Problem = Problem, CallerLevel = CallerLevel, TargetLevel = TargetLevel });
    }
}
