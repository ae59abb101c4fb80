namespace EventCalls.Media.Audio;

/// <summary>Makes payloads of frames; holds what its codec remembers of the frames before. For one thread at a time.</summary>
internal abstract class AudioEncoder
{
    /// <summary>Encodes 20 ms (160 samples) into a buffer of at least <see cref="AudioFrame.MostPayload"/> bytes; the payload's length.</summary>
    public abstract int Encode(ReadOnlySpan<short> frame, Span<byte> payload);
}
