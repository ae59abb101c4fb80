using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

/// <summary>ITU-T E.180 supplement 2, as one hears it.</summary>
public class CountryTonesTests
{
    [Theory]
    [InlineData("us", 6000, new[] { 440, 480 }, 0, 2000, 2000)]
    [InlineData("gb", 3000, new[] { 400, 450 }, 600, 1000, 1000)]
    [InlineData("de", 5000, new[] { 425 }, 0, 1000, 1000)]
    [InlineData("fr", 5000, new[] { 440 }, 0, 1500, 1500)]
    [InlineData("at", 6000, new[] { 420 }, 0, 1000, 1000)]
    [InlineData("ch", 5000, new[] { 425 }, 0, 1000, 1000)]
    [InlineData("it", 5000, new[] { 425 }, 0, 1000, 1000)]
    [InlineData("es", 4500, new[] { 425 }, 0, 1500, 1500)]
    [InlineData("nl", 5000, new[] { 425 }, 0, 1000, 1000)]
    [InlineData("se", 6000, new[] { 425 }, 0, 1000, 1000)]
    [InlineData("au", 3000, new[] { 413, 438 }, 600, 1000, 1000)]
    [InlineData("jp", 3000, new[] { 400, 384, 416 }, 0, 1000, 1000)]
    public void It_rings_as_callers_of_the_country_know_it(string country, int period, int[] frequencies, int on, int off, int silentFrom)
    {
        var ringback = CountryTones.Find(country)!.Ringback;
        Assert.Equal(period, ringback.Milliseconds);
        short[] samples = ringback.Render();
        var ringing = samples.AsSpan(on * 8, (off - on) * 8);
        foreach (int frequency in frequencies)
            Assert.InRange(Tone.Amplitude(ringing, frequency), 1000, 6000);
        Assert.InRange(Tone.Amplitude(ringing, 600), 0, 100);
        Assert.Equal(0, Tone.Peak(samples.AsSpan(silentFrom * 8)));
    }

    [Fact]
    public void Britain_rings_twice_with_a_short_pause()
    {
        short[] samples = CountryTones.Find("GB")!.Ringback.Render();
        Assert.InRange(Tone.Amplitude(samples.AsSpan(0, 3200), 400), 4000, 6000);
        Assert.Equal(0, Tone.Peak(samples.AsSpan(3200, 1600)));
        Assert.InRange(Tone.Amplitude(samples.AsSpan(4800, 3200), 450), 4000, 6000);
    }

    [Fact]
    public void No_tone_is_too_loud_or_begins_with_a_click()
    {
        foreach (var country in CountryTones.All)
        {
            foreach (var tone in new[] { country.Ringback, country.Busy, country.Congestion })
            {
                short[] samples = tone.Render();
                Assert.InRange(Tone.Peak(samples), 3000, 16_000);
                Assert.Equal(0, samples[0]);
                Assert.All(Enumerable.Range(1, samples.Length - 1), i => Assert.InRange(Math.Abs(samples[i] - samples[i - 1]), 0, 6000));
            }
        }
    }

    [Fact]
    public void A_country_without_tones_is_not_found() => Assert.Null(CountryTones.Find("zz"));
}
