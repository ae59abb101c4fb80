namespace EventCalls.Media.Audio;

/// <summary>Decodes packets of Opus to 8 kHz, whatever bandwidth and channels they have (RFC 6716, RFC 7587 §3.3). For one thread at a time.</summary>
internal abstract class OpusDecoder
{
    /// <summary>Decodes a packet, or, of none, makes up what one that was lost may have held; how many samples a channel that are, and -1 for bytes that are no Opus. Never throws.</summary>
    /// <param name="packet">The packet; empty for one that was lost.</param>
    /// <param name="samples">Where they go, channels in turns.</param>
    /// <param name="most">At most so many a channel; of a lost one exactly so many.</param>
    public abstract int Decode(ReadOnlySpan<byte> packet, Span<short> samples, int most);

    /// <summary>Forgets the packets before: another stream begins.</summary>
    public abstract void Reset();
}
