using Concentus;
using Concentus.Enums;

namespace EventCalls.Media.Audio;

/// <summary>Encodes what is heard on the telephone in Opus: one channel, 8 kHz, 24 kbit/s. Not tuned to voice alone, which bends tones and music (a 1500 Hz sine by 5 dB).</summary>
internal sealed class OpusFrameEncoder : AudioEncoder
{
    private readonly IOpusEncoder _encoder;

    public OpusFrameEncoder()
    {
        OpusLibrary.Use();
        _encoder = OpusCodecFactory.CreateEncoder(AudioFrame.SampleRate, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
        _encoder.Bitrate = 24_000;
        _encoder.Complexity = 3;
    }

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> payload) =>
        _encoder.Encode(frame, frame.Length, payload, Math.Min(payload.Length, AudioFrame.MostPayload));
}
