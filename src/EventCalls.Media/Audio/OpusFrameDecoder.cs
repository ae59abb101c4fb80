namespace EventCalls.Media.Audio;

/// <summary>Decodes Opus to one channel at 8 kHz, whatever bandwidth and channels its packets have (RFC 7587 §3.3).</summary>
internal sealed class OpusFrameDecoder : AudioDecoder
{
    private readonly OpusDecoder _decoder = OpusLibrary.NewDecoder(channels: 1);

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples) => payload.IsEmpty ? -1 : _decoder.Decode(payload, samples, AudioFrame.MostSamplesOfAPacket);

    /// <inheritdoc/>
    public override int Conceal(Span<short> samples)
    {
        int count = _decoder.Decode([], samples, AudioFrame.Samples);
        return count >= 0 ? count : base.Conceal(samples);
    }

    /// <inheritdoc/>
    public override void Reset() => _decoder.Reset();
}
