namespace EventCalls.Media.Audio;

/// <summary>Makes samples of payloads; holds what its codec remembers of the packets before. For one thread at a time.</summary>
internal abstract class AudioDecoder
{
    /// <summary>Decodes a payload into room for <see cref="AudioFrame.MostSamplesOfAPacket"/> samples; how many they are, and -1 for a payload that is none of this codec. Never throws.</summary>
    public abstract int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>What to play for 20 ms that were lost, as the codec guesses; silence where it does not. How many samples that are.</summary>
    public virtual int Conceal(Span<short> samples)
    {
        samples[..AudioFrame.Samples].Clear();
        return AudioFrame.Samples;
    }

    /// <summary>Forgets the packets before: another stream begins.</summary>
    public virtual void Reset()
    {
    }
}
