using Concentus;
using Concentus.Enums;

namespace EventCalls.Media.Audio;

/// <summary>Encodes with the package.</summary>
internal sealed class ManagedOpusEncoder : OpusEncoder
{
    private readonly IOpusEncoder _encoder;

    public ManagedOpusEncoder(int channels, int bitrate, int complexity)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        _encoder = OpusCodecFactory.CreateEncoder(AudioFrame.SampleRate, channels, OpusApplication.OPUS_APPLICATION_AUDIO);
        _encoder.Bitrate = bitrate;
        _encoder.Complexity = complexity;
    }

    /// <inheritdoc/>
    public override int Lookahead => _encoder.Lookahead;

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> packet) => _encoder.Encode(frame, AudioFrame.Samples, packet, packet.Length);
}
