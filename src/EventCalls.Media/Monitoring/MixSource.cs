using EventCalls.Media.Audio;

namespace EventCalls.Media.Monitoring;

/// <summary>Several voices as one, 20 ms at a time; where they are too loud together it is cut off, as anywhere in a telephone. For the relay's thread.</summary>
internal sealed class MixSource(MixInput[] inputs) : AudioSource
{
    /// <inheritdoc />
    public override bool Next(Span<short> frame)
    {
        // On the stack, which is near: with many mixes one of each would not be.
        Span<int> sums = stackalloc int[AudioFrame.Samples];
        sums.Clear();
        foreach (var input in inputs)
            input.AddTo(sums);
        Samples.Clip(sums, frame);
        return true;
    }

    /// <summary>Begins to hear the voices.</summary>
    public void Open()
    {
        foreach (var input in inputs)
            input.Open();
    }

    /// <summary>Hears them no more.</summary>
    public void Close()
    {
        foreach (var input in inputs)
            input.Close();
    }
}
