using Concentus;

namespace EventCalls.Media.Audio;

/// <summary>Decodes with the package.</summary>
internal sealed class ManagedOpusDecoder : OpusDecoder
{
    private readonly IOpusDecoder _decoder;

    public ManagedOpusDecoder(int channels)
    {
        // It looks for native libraries of its own otherwise, and a machine that happens to have one gives other audio than the next.
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        _decoder = OpusCodecFactory.CreateDecoder(AudioFrame.SampleRate, channels);
    }

    /// <inheritdoc/>
    public override void Reset() => _decoder.ResetState();

    // The library answers bytes that are no Opus with exceptions of many types.
    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<short> samples, int most)
    {
        try
        {
            return _decoder.Decode(packet, samples, most, false);
        }
#pragma warning disable CA1031 // Whatever the library throws for bytes from the network, they are no audio, and the call goes on.
        catch (Exception)
#pragma warning restore CA1031
        {
            return -1;
        }
    }
}
