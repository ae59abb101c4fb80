using EventCalls.Contracts;

namespace EventCalls.Telephony;

/// <summary>The beginning of a call: the journal asks the routers when it is recorded.</summary>
internal sealed class StartedQuestion(CallShard shard, CallStarted started) : QuestionEntry(shard, started)
{
    /// <inheritdoc />
    protected override Task SendAsync() => Shard.Messages.AskAgainAsync(started, CancellationToken.None);
}
