namespace EventCalls.Media.Audio;

/// <summary>Decodes with a native libopus.</summary>
internal sealed class NativeOpusDecoder : OpusDecoder
{
    private readonly LibOpus _library;
    private readonly int _channels;
    private readonly LibOpus.State _state;

    public NativeOpusDecoder(LibOpus library, int channels)
    {
        _library = library;
        _channels = channels;
        _state = library.NewDecoder(AudioFrame.SampleRate, channels);
    }

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<short> samples, int most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most * _channels, samples.Length);
        return Math.Max(_library.Decode(_state, packet, samples, most), -1);
    }

    /// <inheritdoc/>
    public override void Reset() => _library.ResetDecoder(_state);
}
