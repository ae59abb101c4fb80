using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>A command that is taken, and what follows from it at once, on its way to the bus; when it is recorded, it is answered.</summary>
internal sealed class CommandEntry(Call call, TakenCommand command, CallEvent[] events) : JournalEntry(events)
{
    /// <inheritdoc />
    public override void Confirmed() => call.Shard.Post(new CommandRecorded(call, command));
}

/// <summary>A command is recorded: back to its call's shard.</summary>
internal sealed class CommandRecorded(Call call, TakenCommand command) : CallWork
{
    /// <inheritdoc />
    protected override Call Find() => call;

    /// <inheritdoc />
    protected override void Do(Call call) => call.OnRecorded(command);
}
