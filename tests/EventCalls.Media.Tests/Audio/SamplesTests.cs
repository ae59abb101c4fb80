using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

/// <summary>What is done with several samples at a time comes out as of one after the other.</summary>
public sealed class SamplesTests
{
    // Of whole vectors, of less than one, and of some with a rest.
    public static readonly TheoryData<int> Lengths = [0, 1, 7, 16, 33, AudioFrame.Samples, 163];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_peak_is_the_greatest_magnitude(int length)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            short[] samples = Noise(length, seed);
            Assert.Equal(samples.Select(static s => Math.Abs((int)s)).DefaultIfEmpty(0).Max(), Samples.Peak(samples));
        }
        if (length == 0)
            return;
        var quiet = new short[length];
        quiet[^1] = short.MinValue;
        Assert.Equal(32768, Samples.Peak(quiet));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Voices_are_added_and_cut_off_where_they_are_too_loud(int length)
    {
        short[][] voices = [Noise(length, 1), Noise(length, 2), Noise(length, 3)];
        var sums = new int[length];
        foreach (short[] voice in voices)
            Samples.Add(sums, voice);
        var mixed = new short[length];
        Samples.Clip(sums, mixed);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(voices.Sum(voice => voice[i]), sums[i]);
            Assert.Equal(Math.Clamp(sums[i], short.MinValue, short.MaxValue), mixed[i]);
        }
    }

    private static short[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
    }
}
