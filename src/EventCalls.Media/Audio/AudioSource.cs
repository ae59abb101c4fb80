namespace EventCalls.Media.Audio;

/// <summary>What somebody hears: where one call is in a clip, or audio made as it goes. For one thread at a time.</summary>
internal abstract class AudioSource
{
    /// <summary>Gives the next 20 ms (160 samples); false at the end, and then nothing is written.</summary>
    public abstract bool Next(Span<short> frame);
}
