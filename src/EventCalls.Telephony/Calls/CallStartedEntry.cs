using EventCalls.Contracts;
using EventCalls.Sip.Transport;

namespace EventCalls.Telephony;

/// <summary>A call's first event on its way to the bus; its confirmation comes back to the call's shard and lets the caller be answered.</summary>
internal sealed class CallStartedEntry(Call call) : JournalEntry(call.Started)
{
    /// <inheritdoc />
    public override void Confirmed() => call.Shard.Post(new Confirmation(call));

    private sealed class Confirmation(Call call) : ShardWork
    {
        protected override void Run() => call.OnStartConfirmed();
    }
}
