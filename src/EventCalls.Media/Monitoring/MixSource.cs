using EventCalls.Media.Audio;

namespace EventCalls.Media.Monitoring;

/// <summary>Several voices as one, 20 ms at a time; where they are too loud together it is cut off, as anywhere in a telephone. For the relay's thread.</summary>
internal sealed class MixSource(MixInput[] inputs) : AudioSource
{
    private readonly int[] _sum = new int[AudioFrame.Samples];

    /// <inheritdoc />
    public override bool Next(Span<short> frame)
    {
        Array.Clear(_sum);
        foreach (var input in inputs)
            input.AddTo(_sum);
        for (int i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Clamp(_sum[i], short.MinValue, short.MaxValue);
        return true;
    }

    /// <summary>Begins to hear the voices.</summary>
    public void Open()
    {
        foreach (var input in inputs)
            input.Leg.Add(input);
    }

    /// <summary>Hears them no more.</summary>
    public void Close()
    {
        foreach (var input in inputs)
            input.Leg.Remove(input);
    }
}
