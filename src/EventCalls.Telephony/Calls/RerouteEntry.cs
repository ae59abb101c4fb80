using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The last failure of a handoff, or a REFER, on its way to the bus; when it is recorded, the routers are asked for a new decision.</summary>
internal sealed class RerouteEntry(CallShard shard, RerouteCall command) : QuestionEntry(shard, command.Cause)
{
    /// <inheritdoc />
    public override void Confirmed()
    {
        base.Confirmed();
        AskAgain();
    }

    /// <inheritdoc />
    protected override Task SendAsync() => Shard.Messages.SendAsync(command, CancellationToken.None);
}
