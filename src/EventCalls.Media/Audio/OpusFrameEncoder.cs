using Concentus;
using Concentus.Enums;

namespace EventCalls.Media.Audio;

/// <summary>Encodes speech of the telephone network in Opus: one channel, 8 kHz, 24 kbit/s (RFC 7587 §3.1.1: narrowband wants 8 to 12, what is left is for tones and music).</summary>
internal sealed class OpusFrameEncoder : AudioEncoder
{
    private readonly IOpusEncoder _encoder;

    public OpusFrameEncoder()
    {
        OpusLibrary.Use();
        _encoder = OpusCodecFactory.CreateEncoder(AudioFrame.SampleRate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        _encoder.Bitrate = 24_000;
        _encoder.Complexity = 3;
        // What a packet lost takes with it is said again in the next one.
        _encoder.UseInbandFEC = true;
        _encoder.PacketLossPercent = 5;
    }

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> payload) =>
        _encoder.Encode(frame, frame.Length, payload, Math.Min(payload.Length, AudioFrame.MostPayload));
}
