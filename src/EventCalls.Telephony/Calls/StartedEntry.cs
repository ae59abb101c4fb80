using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The beginning of an attempt on its way to the bus; its confirmation comes back to the call's shard and lets the attempt go.</summary>
internal sealed class StartedEntry(TransferAttempt attempt, params CallEvent[] events) : JournalEntry(events)
{
    /// <inheritdoc />
    public override void Confirmed() => attempt.Call.Shard.Post(new Confirmation(attempt));

    private sealed class Confirmation(TransferAttempt attempt) : CallWork
    {
        protected override Call Find() => attempt.Call;

        protected override void Do(Call call) => attempt.OnConfirmed();
    }
}
