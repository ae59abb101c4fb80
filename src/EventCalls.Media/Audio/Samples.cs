using System.Numerics;

namespace EventCalls.Media.Audio;

/// <summary>What is done with all samples of a frame alike, several at a time.</summary>
internal static class Samples
{
    /// <summary>The greatest magnitude, 0–32768; 0 of none.</summary>
    public static int Peak(ReadOnlySpan<short> samples)
    {
        Vector<short> least = default, most = default;
        int i = 0;
        for (; i <= samples.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            var next = new Vector<short>(samples[i..]);
            (least, most) = (Vector.Min(least, next), Vector.Max(most, next));
        }
        int peak = 0;
        for (int k = 0; k < Vector<short>.Count; k++)
            peak = Math.Max(peak, Math.Max(most[k], -least[k]));
        for (; i < samples.Length; i++)
            peak = Math.Max(peak, Math.Abs((int)samples[i]));
        return peak;
    }

    /// <summary>Adds samples to sums, of which there are as many.</summary>
    public static void Add(Span<int> sums, ReadOnlySpan<short> samples)
    {
        sums = sums[..samples.Length];
        int i = 0;
        for (; i <= samples.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(samples[i..]), out var low, out var high);
            (new Vector<int>(sums[i..]) + low).CopyTo(sums[i..]);
            (new Vector<int>(sums[(i + Vector<int>.Count)..]) + high).CopyTo(sums[(i + Vector<int>.Count)..]);
        }
        for (; i < samples.Length; i++)
            sums[i] += samples[i];
    }

    /// <summary>Makes samples of sums, as many as there are; what is too loud is cut off.</summary>
    public static void Clip(ReadOnlySpan<int> sums, Span<short> samples)
    {
        samples = samples[..sums.Length];
        int i = 0;
        for (; i <= sums.Length - Vector<short>.Count; i += Vector<short>.Count)
            Vector.NarrowWithSaturation(new Vector<int>(sums[i..]), new Vector<int>(sums[(i + Vector<int>.Count)..])).CopyTo(samples[i..]);
        for (; i < sums.Length; i++)
            samples[i] = (short)Math.Clamp(sums[i], short.MinValue, short.MaxValue);
    }
}
