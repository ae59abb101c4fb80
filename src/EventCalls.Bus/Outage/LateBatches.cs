using EventCalls.Bus.Topology;
using EventCalls.Contracts;

namespace EventCalls.Bus.Outage;

/// <summary>Brings the broker what the spool held while it was away: the record first, then the typed messages of it, with the mark where this node has acted on them already.</summary>
/// <param name="broker">The broker.</param>
/// <param name="state">How it is.</param>
/// <param name="node">This node.</param>
/// <param name="joined">Completes when the bus is started.</param>
internal sealed class LateBatches(IBroker broker, BrokerState state, string node, Task joined)
{
    /// <summary>Sends a batch; completes when the broker has confirmed all of it, and waits while it is away.</summary>
    public async Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        await state.UntilUpAsync(cancellationToken).ConfigureAwait(false);
        await broker.SendAsync(batch, cancellationToken).ConfigureAwait(false);
        // Each call's in order, many calls' at once.
        await Task.WhenAll(ToldIn(batch).GroupBy(e => e.CallId).Select(call => TellAsync([.. call], cancellationToken))).ConfigureAwait(false);
    }

    private async Task TellAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events)
        {
            if (DirectDelivery.NodeOf(e) == node)
                await broker.TellLateAsync(e, cancellationToken).ConfigureAwait(false);
            else
                await broker.TellAsync(e, cancellationToken).ConfigureAwait(false);
        }
    }

    private static List<CallEvent> ToldIn(CallEventBatch batch)
    {
        var told = new List<CallEvent>();
        ReadOnlyMemory<byte> rest = batch.Payload;
        while (!rest.IsEmpty)
        {
            try
            {
                CallEventCodec.TryReadLine(ref rest, out var name, out var data);
                var e = CallEventCodec.Read(System.Text.Encoding.UTF8.GetString(name.Span), data.Span);
                if (CallEventNames.IsTold(e))
                    told.Add(e);
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or NotSupportedException or KeyNotFoundException)
            {
                // The recorder says what it is; nobody can be told of it.
            }
        }
        return told;
    }
}
