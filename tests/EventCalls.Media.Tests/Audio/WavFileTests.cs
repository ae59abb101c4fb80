using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

public sealed class WavFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wav").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8, false)]
    [InlineData(16, false)]
    [InlineData(24, false)]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, true)]
    public void PCM_of_each_depth_is_read(int bits, bool floating)
    {
        short[] sine = Tone.Sine(1000, 1600);
        short[] read = WavFile.Decode("x.wav", WavBytes.Of(floating ? 3 : 1, bits, 8000, 1, WavBytes.Pcm(sine, bits, floating)));
        Assert.Equal(1600, read.Length);
        int off = bits == 8 ? 256 : 1;
        Assert.All(Enumerable.Range(0, 1600), i => Assert.InRange(read[i], sine[i] - off, sine[i] + off));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mu_law_and_A_law_are_read(bool muLaw)
    {
        short[] sine = Tone.Sine(700, 800);
        byte[] codes = [.. sine.Select(s => muLaw ? G711.EncodeMuLaw(s) : G711.EncodeALaw(s))];
        short[] read = WavFile.Decode("x.wav", WavBytes.Of(muLaw ? 7 : 6, 8, 8000, 1, codes));
        Assert.Equal(codes.Select(c => muLaw ? G711.DecodeMuLaw(c) : G711.DecodeALaw(c)), read);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11_025)]
    [InlineData(16_000)]
    [InlineData(22_050)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(96_000)]
    public void What_is_in_the_band_stays_at_every_rate_and_what_is_above_does_not_fold_into_it(int rate)
    {
        foreach (int frequency in new[] { 300, 1000, 3000, 3300 })
        {
            short[] read = Read(Tone.Sine(frequency, rate, 8000, rate), rate);
            Assert.Equal(8000, read.Length);
            Assert.InRange(Tone.Amplitude(read.AsSpan(400, 7200), frequency), 7800, 8200);
            // All else that is there, beside the tone itself.
            short[] pure = Tone.Sine(frequency, 8000);
            double rest = Enumerable.Range(400, 7200).Average(i => Math.Pow(read[i] - pure[i], 2));
            Assert.InRange(Math.Sqrt(rest), 0, 60);
        }
        // 4.1 kHz would fold to 3.9: 60 dB less at the least.
        foreach (int frequency in new[] { 4100, 5000, 7900 }.Where(f => f < rate / 2 && rate > 8000))
            Assert.InRange(Tone.Peak(Read(Tone.Sine(frequency, rate, 8000, rate), rate).AsSpan(400, 7200)), 0, 8);
    }

    [Fact]
    public void Both_sides_of_a_stereo_file_are_heard()
    {
        short[] left = Tone.Sine(500, 8000), right = Tone.Sine(900, 8000);
        short[] both = [.. left.Zip(right).SelectMany(p => new[] { p.First, p.Second })];
        short[] read = WavFile.Decode("x.wav", WavBytes.Of(1, 16, 8000, 2, WavBytes.Pcm(both, 16), extensible: true));
        Assert.InRange(Tone.Amplitude(read, 500), 3950, 4050);
        Assert.InRange(Tone.Amplitude(read, 900), 3950, 4050);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void A_file_that_was_written_as_a_stream_reaches_to_its_end(uint size) =>
        Assert.Equal(800, WavFile.Decode("x.wav", WavBytes.Of(1, 16, 8000, 1, WavBytes.Pcm(Tone.Sine(500, 800), 16), size: size)).Length);

    [Fact]
    public void A_recording_of_ours_is_read() =>
        Assert.Equal(2, WavFile.Decode("x.wav", [.. WavBytes.Of(1, 16, 8000, 2, [1, 0, 1, 0, 2, 0, 2, 0])]).Length);

    [Theory]
    [InlineData("ID3\u0003 and more of it", "an MP3 file", "sox")]
    [InlineData("OggS and more of it", "an Ogg file", "sox")]
    [InlineData("", "empty", "sox")]
    [InlineData("RIFF....WAVEfmt ", "no audio in it", "sox")]
    [InlineData("<html>not found</html>", "no WAV", "sox")]
    public void What_cannot_be_read_is_named_with_what_to_do(string content, string what, string remedy)
    {
        string path = Path.Combine(_folder, "hold.wav");
        File.WriteAllText(path, content);
        var error = Assert.Throws<AudioFileException>(() => WavFile.Read(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 4, 8000, 1, "format 2 with 4 bits")]
    [InlineData(1, 12, 8000, 1, "format 1 with 12 bits")]
    [InlineData(1, 16, 4000, 1, "4000 samples a second")]
    [InlineData(1, 16, 8000, 0, "0 channels")]
    public void A_format_that_is_not_read_is_named(int format, int bits, int rate, int channels, string what) =>
        Assert.Contains(what, Assert.Throws<AudioFileException>(() => WavFile.Decode("x.wav", WavBytes.Of(format, bits, rate, channels, new byte[64]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = Path.Combine(_folder, "none.wav");
        Assert.Contains($"'{path}': cannot be read", Assert.Throws<AudioFileException>(() => WavFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_are_changed_it_is_audio_or_an_error_that_names_the_file()
    {
        byte[] good = WavBytes.Of(1, 16, 16_000, 1, WavBytes.Pcm(Tone.Sine(500, 400), 16));
        var random = new Random(4711);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = [.. good.AsSpan(0, random.Next(good.Length))];
            for (int change = random.Next(4); change >= 0 && bad.Length > 0; change--)
                bad[random.Next(Math.Min(bad.Length, 60))] = (byte)random.Next(256);
            try
            {
                WavFile.Decode("x.wav", bad);
            }
            catch (AudioFileException e)
            {
                Assert.StartsWith("'x.wav': ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static short[] Read(short[] samples, int rate) => WavFile.Decode("x.wav", WavBytes.Of(1, 16, rate, 1, WavBytes.Pcm(samples, 16)));
}
