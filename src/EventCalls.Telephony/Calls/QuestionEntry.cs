using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <summary>What the routers are asked to decide on, on its way to the bus; it can be asked once more when nobody answers.</summary>
/// <remarks>
/// A router that hangs keeps what it took from the broker until the broker gives it up, half a minute later. Asked again, another router decides; ids are
/// derived from the question, so that two answers are one.
/// </remarks>
internal abstract class QuestionEntry(CallShard shard, params CallEvent[] events) : JournalEntry(events)
{
    private volatile bool _isRecorded;

    /// <summary>The call's shard.</summary>
    protected CallShard Shard { get; } = shard;

    /// <inheritdoc />
    public override void Confirmed() => _isRecorded = true;

    /// <summary>Asks once more, unless it is not even recorded yet.</summary>
    public void AskAgain()
    {
        if (_isRecorded)
            _ = AskAsync();
    }

    /// <summary>Sends the question.</summary>
    protected abstract Task SendAsync();

    private async Task AskAsync()
    {
        try
        {
            await SendAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Nobody decides then, and at the deadline the call takes the default.
            Shard.Logger.LogError(e, "The routers could not be asked for a decision on the call {Call}", Events[0].CallId);
        }
    }
}
