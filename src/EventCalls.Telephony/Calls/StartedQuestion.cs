using EventCalls.Telephony.Configuration;


namespace EventCalls.Telephony.Calls;

/// <summary>The beginning of a call: the journal asks the routers when it is recorded, and then a caller may be answered who is answered at once.</summary>
internal sealed class StartedQuestion(Call call) : QuestionEntry(call.Shard, call.Started)
{
    private readonly long _appendedAt = call.Shard.Time.GetTimestamp();

    /// <inheritdoc />
    public override void Confirmed()
    {
        base.Confirmed();
        Shard.RecordingDelay.OnConfirmed(_appendedAt);
        if (call.Shard.Options.Answer == AnswerMode.Immediately)
            call.Shard.Post(new Confirmation(call));
    }

    /// <inheritdoc />
    protected override Task SendAsync() => Shard.Messages.AskAgainAsync(call.Started, CancellationToken.None);

    private sealed class Confirmation(Call call) : CallWork
    {
        protected override Call Find() => call;

        protected override void Do(Call call) => call.OnStartConfirmed();
    }
}
