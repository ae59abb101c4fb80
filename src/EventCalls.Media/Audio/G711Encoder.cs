namespace EventCalls.Media.Audio;

/// <summary>Encodes G.711, which remembers nothing.</summary>
internal sealed class G711Encoder(bool muLaw) : AudioEncoder
{
    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        if (muLaw)
            G711.EncodeMuLaw(frame, payload);
        else
            G711.EncodeALaw(frame, payload);
        return frame.Length;
    }
}
