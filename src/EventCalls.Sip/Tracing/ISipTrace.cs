using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tracing;

/// <summary>Sees every message of a user agent, as it is on the wire. All calls come on the shard's thread; the bytes are valid during the call only. It must not throw.</summary>
public interface ISipTrace
{
    /// <summary>A message came; nothing was looked at yet.</summary>
    void Received(Hop hop, ReadOnlySpan<byte> message);

    /// <summary>A message leaves.</summary>
    void Sent(Hop hop, ReadOnlySpan<byte> message);
}
