namespace EventCalls.Media.Audio;

/// <summary>Decodes G.711, which remembers nothing.</summary>
internal sealed class G711Decoder(bool muLaw) : AudioDecoder
{
    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.Length > Math.Min(samples.Length, AudioFrame.MostSamplesOfAPacket))
            return -1;
        if (muLaw)
            G711.DecodeMuLaw(payload, samples);
        else
            G711.DecodeALaw(payload, samples);
        return payload.Length;
    }
}
