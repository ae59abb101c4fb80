using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony;

/// <summary>The last failure of a handoff on its way to the bus; when it is recorded, the routers are asked for a new decision.</summary>
internal sealed class RerouteEntry(CallShard shard, RerouteCall command) : JournalEntry(command.Failed)
{
    /// <inheritdoc />
    public override void Confirmed() => _ = SendAsync();

    private async Task SendAsync()
    {
        try
        {
            await shard.Messages.SendAsync(command, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Nobody decides then, and at the deadline the call takes the default.
            shard.Logger.LogError(e, "The routers could not be asked for a new decision on the call {Call}", command.Started.CallId);
        }
    }
}
