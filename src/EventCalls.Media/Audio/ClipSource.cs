namespace EventCalls.Media.Audio;

/// <summary>A call's place in a clip: a prompt, hold music, ringback, silence.</summary>
internal sealed class ClipSource(AudioClip clip) : AudioSource
{
    private int _next;

    /// <summary>The clip.</summary>
    public AudioClip Clip { get; } = clip;

    /// <inheritdoc/>
    public override bool Next(Span<short> frame)
    {
        if (!TryAdvance(out int index))
            return false;
        Clip.Frame(index).CopyTo(frame);
        return true;
    }

    /// <summary>Goes on by a frame and says which one is played; false at the end.</summary>
    public bool TryAdvance(out int frame)
    {
        frame = _next;
        if (_next >= Clip.Frames)
            return false;
        if (++_next == Clip.Frames && Clip.Repeats)
            _next = 0;
        return true;
    }
}
