namespace EventCalls.Media.Rtp;

/// <summary>What a sender says of its stream (RFC 3550 §6.4.1): who it is, what time it is by the clock on the wall and by that of the stream, and how much it has sent.</summary>
internal readonly record struct SenderFacts(uint Ssrc, DateTimeOffset Wall, uint Timestamp, uint Packets, uint Octets);
