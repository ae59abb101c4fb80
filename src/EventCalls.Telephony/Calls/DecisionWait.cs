namespace EventCalls.Telephony.Calls;

/// <summary>A call's wait for a decision: it asks once more when nobody answers, and says when the deadline has passed.</summary>
internal sealed class DecisionWait(Call call, QuestionEntry question) : CallTimer(call)
{
    private readonly long _deadlineAt = call.Shard.Agent.Now + call.Shard.Options.DeadlineMs;
    private bool _mayAskAgain = call.Shard.Options.AskAgainMs is not null;

    /// <summary>What was asked.</summary>
    public QuestionEntry Question { get; } = question;

    /// <summary>The wait begins; the question has just been appended.</summary>
    public void Start() => Start(Call.Shard.Options.AskAgainMs ?? Call.Shard.Options.DeadlineMs);

    /// <inheritdoc />
    protected override void Fire()
    {
        if (!_mayAskAgain)
        {
            Call.OnDeadline(Question);
            return;
        }
        _mayAskAgain = false;
        Question.AskAgain();
        Start(Math.Max(1, _deadlineAt - Call.Shard.Agent.Now));
    }
}
