using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>A command that the logic is to decide anew, on its way to the bus; when it is recorded, it is answered, and the routers are asked.</summary>
internal sealed class FlowEntry(Call call, TakenCommand command, RerouteCall question, CallEvent[] events) : QuestionEntry(call.Shard, events)
{
    /// <inheritdoc />
    public override void Confirmed()
    {
        base.Confirmed();
        call.Shard.Post(new CommandRecorded(call, command));
        AskAgain();
    }

    /// <inheritdoc />
    protected override Task SendAsync() => Shard.Messages.SendAsync(question, CancellationToken.None);
}
