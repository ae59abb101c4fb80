namespace EventCalls.Media.Audio;

/// <summary>Encodes what is heard on the telephone in Opus: one channel, 24 kbit/s.</summary>
internal sealed class OpusFrameEncoder : AudioEncoder
{
    private readonly OpusEncoder _encoder = OpusLibrary.NewEncoder(channels: 1, bitrate: 24_000, complexity: 3);

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> payload) => _encoder.Encode(frame, payload[..Math.Min(payload.Length, AudioFrame.MostPayload)]);
}
