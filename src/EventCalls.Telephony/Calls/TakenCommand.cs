using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>A command that a call has taken, and who waits to hear that it is recorded.</summary>
internal sealed class TakenCommand(CallCommand command, CommandTaken record)
{
    private readonly List<Action<CommandAnswer>> _waiting = [];
    private bool _isRecorded;

    /// <summary>What was asked.</summary>
    public CallCommand Command { get; } = command;

    /// <summary>What is recorded of it.</summary>
    public CommandTaken Record { get; } = record;

    /// <summary>Answers, now or when it is recorded.</summary>
    public void Answer(Action<CommandAnswer> answer)
    {
        if (_isRecorded)
            answer(Taken());
        else
            _waiting.Add(answer);
    }

    /// <summary>It is recorded.</summary>
    public void OnRecorded()
    {
        _isRecorded = true;
        foreach (var answer in _waiting)
            answer(Taken());
        _waiting.Clear();
    }

    private CommandAnswer Taken() => new() { CommandId = Command.CommandId, Result = CommandResult.Taken, HandoffId = Record.HandoffId };
}
