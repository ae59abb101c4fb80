namespace EventCalls.Media.Audio;

/// <summary>Encodes with a native libopus.</summary>
internal sealed class NativeOpusEncoder : OpusEncoder
{
    private readonly LibOpus _library;
    private readonly int _channels;
    private readonly LibOpus.State _state;

    public NativeOpusEncoder(LibOpus library, int channels, int bitrate, int complexity)
    {
        _library = library;
        _channels = channels;
        _state = library.NewEncoder(AudioFrame.SampleRate, channels, bitrate, complexity);
        Lookahead = library.LookaheadOf(_state);
    }

    /// <inheritdoc/>
    public override int Lookahead { get; }

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<short> frame, Span<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(frame.Length, AudioFrame.Samples * _channels);
        return _library.Encode(_state, frame, AudioFrame.Samples, packet);
    }
}
