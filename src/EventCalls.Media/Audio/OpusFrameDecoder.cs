using Concentus;

namespace EventCalls.Media.Audio;

/// <summary>Decodes Opus to one channel at 8 kHz, whatever bandwidth and channels its packets have (RFC 7587 §3.3).</summary>
internal sealed class OpusFrameDecoder : AudioDecoder
{
    private readonly IOpusDecoder _decoder;

    public OpusFrameDecoder()
    {
        OpusLibrary.Use();
        _decoder = OpusCodecFactory.CreateDecoder(AudioFrame.SampleRate, 1);
    }

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples) => payload.IsEmpty ? -1 : Read(payload, samples, AudioFrame.MostSamplesOfAPacket);

    /// <inheritdoc/>
    public override int Conceal(Span<short> samples)
    {
        int count = Read([], samples, AudioFrame.Samples);
        return count >= 0 ? count : base.Conceal(samples);
    }

    /// <inheritdoc/>
    public override void Reset() => _decoder.ResetState();

    // The library answers bytes that are no Opus with exceptions of many types.
    private int Read(ReadOnlySpan<byte> payload, Span<short> samples, int most)
    {
        try
        {
            return _decoder.Decode(payload, samples[..most], most, false);
        }
#pragma warning disable CA1031 // Whatever the library throws for bytes from the network, they are no audio, and the call goes on.
        catch (Exception)
#pragma warning restore CA1031
        {
            return -1;
        }
    }
}
