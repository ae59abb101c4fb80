namespace EventCalls.Media.Audio;

/// <summary>Makes packets of Opus from frames of 20 ms at 8 kHz. Not tuned to voice alone, which bends tones and music (a 1500 Hz sine by 5 dB). For one thread at a time.</summary>
internal abstract class OpusEncoder
{
    /// <summary>How many samples a channel what comes out is behind what goes in.</summary>
    public abstract int Lookahead { get; }

    /// <summary>Encodes a frame, channels in turns; the packet's length.</summary>
    public abstract int Encode(ReadOnlySpan<short> frame, Span<byte> packet);
}
