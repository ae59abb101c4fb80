using EventCalls.Sip.Transport;

namespace EventCalls.Telephony.Calls;

/// <summary>Work of a call that was posted to its shard: what it throws ends that call, and nothing else.</summary>
/// <remarks>
/// What the protocol core calls needs no such care: the core tells a leg's handler of whatever was thrown on the leg, be it by the handler itself
/// (<see cref="Sip.Dialogs.ILegHandler.OnFault"/>), and the wheel tells the timer.
/// </remarks>
internal abstract class CallWork : ShardWork
{
    /// <summary>The call; null when it is over, and there is nothing to do.</summary>
    protected abstract Call? Find();

    /// <summary>Does it.</summary>
    protected abstract void Do(Call call);

    /// <inheritdoc />
    protected sealed override void Run()
    {
        if (Find() is not { } call)
            return;
        try
        {
            Do(call);
        }
        catch (Exception e)
        {
            call.OnFault(e);
        }
    }
}
