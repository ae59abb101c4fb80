using System.Buffers;
using EventCalls.Sip.Tracing;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>Copies one shard's messages for the collector, and finds out which call each belongs to. On the shard's thread only.</summary>
/// <remarks>An INVITE is seen before it is a call, so what a turn brought is looked up at its end.</remarks>
internal sealed class HepTrace(HepSender sender, TimeProvider time) : ISipTrace
{
    // 64 T1: as long as a transaction may repeat its messages after the leg is over (RFC 3261 §17.1.1.2).
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(32);

    private readonly Dictionary<byte[], Guid> _calls = new(BytesComparer.Instance);
    private readonly Queue<(byte[] CallId, Guid Call, long Since)> _over = [];
    private readonly List<HepMessage> _seen = [];

    /// <summary>The Call-IDs it knows something by.</summary>
    internal int Known => _calls.Count;

    /// <inheritdoc />
    public void Received(Hop hop, ReadOnlySpan<byte> message) => Add(hop, message, isSent: false);

    /// <inheritdoc />
    public void Sent(Hop hop, ReadOnlySpan<byte> message) => Add(hop, message, isSent: true);

    /// <inheritdoc />
    public void Belongs(ReadOnlySpan<byte> callId, Guid to) => _calls.GetAlternateLookup<ReadOnlySpan<byte>>()[callId] = to;

    /// <inheritdoc />
    public void Over(ReadOnlySpan<byte> callId)
    {
        if (_calls.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(callId, out byte[]? known, out var call))
            _over.Enqueue((known, call, time.GetTimestamp()));
    }

    /// <inheritdoc />
    public void TurnEnded()
    {
        if (_seen.Count > 0)
        {
            var calls = _calls.GetAlternateLookup<ReadOnlySpan<byte>>();
            foreach (var message in _seen)
            {
                var callId = RedactedMessage.CallId(message.Bytes);
                sender.Send(message with { Call = !callId.IsEmpty && calls.TryGetValue(callId, out var call) ? call : null });
            }
            _seen.Clear();
        }
        while (_over.TryPeek(out var old) && time.GetElapsedTime(old.Since) >= s_late)
        {
            _over.Dequeue();
            // Another call may have come by the same Call-ID since.
            if (_calls.TryGetValue(old.CallId, out var call) && call == old.Call)
                _calls.Remove(old.CallId);
        }
    }

    private void Add(Hop hop, ReadOnlySpan<byte> message, bool isSent)
    {
        if (!sender.TryTakePlace())
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        _seen.Add(new HepMessage(buffer, message.Length, hop, isSent, time.GetUtcNow(), null));
    }
}

/// <summary>A message on its way to the collector, in a rented buffer; it holds a place of the sender's.</summary>
internal readonly record struct HepMessage(byte[] Buffer, int Length, Hop Hop, bool IsSent, DateTimeOffset Time, Guid? Call)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}
