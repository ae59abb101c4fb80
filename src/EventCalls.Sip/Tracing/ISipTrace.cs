using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tracing;

/// <summary>Sees every message of a user agent, as it is on the wire. All calls come on the shard's thread; the bytes are valid during the call only. It must not throw.</summary>
public interface ISipTrace
{
    /// <summary>A message came; nothing was looked at yet.</summary>
    void Received(Hop hop, ReadOnlySpan<byte> message);

    /// <summary>A message leaves.</summary>
    void Sent(Hop hop, ReadOnlySpan<byte> message);

    /// <summary>The messages of a Call-ID belong to something that the user of the agent knows by an id of its own. What began it came before that was known.</summary>
    void Belongs(ReadOnlySpan<byte> callId, Guid to)
    {
    }

    /// <summary>A leg of that Call-ID is over; what is late may still come and go.</summary>
    void Over(ReadOnlySpan<byte> callId)
    {
    }

    /// <summary>The shard has handled what there was: who the messages so far belong to is known, if it ever is.</summary>
    void TurnEnded()
    {
    }
}
