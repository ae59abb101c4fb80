using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

public sealed class AudioClipsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clips").FullName;
    private readonly AudioClips _clips = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Calls_share_what_was_read_and_encoded_once()
    {
        string path = Write(500);
        var first = _clips.File(path, repeats: true);
        Assert.Same(first, _clips.File(path, repeats: true));
        Assert.Same(first.In(AudioCodec.Pcma), _clips.File(path, repeats: true).In(AudioCodec.Pcma));
        Assert.Same(_clips.Tone(CountryTones.Find("de")!.Ringback), _clips.Tone(CountryTones.Find("de")!.Ringback));
    }

    [Fact]
    public void A_file_that_has_changed_is_read_again()
    {
        string path = Write(500);
        var first = _clips.File(path, repeats: false);
        Write(900);
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var second = _clips.File(path, repeats: false);
        Assert.NotSame(first, second);
        Assert.InRange(Tone.Amplitude(second.Frame(3), 900), 7000, 9000);
    }

    [Fact]
    public void A_file_that_could_not_be_read_is_tried_again()
    {
        string path = Path.Combine(_folder, "later.wav");
        Assert.Throws<AudioFileException>(() => _clips.File(path, repeats: false));
        File.Move(Write(500), path);
        Assert.Equal(50, _clips.File(path, repeats: false).Frames);
    }

    [Fact]
    public void A_period_that_is_no_multiple_of_20_ms_repeats_without_a_gap()
    {
        // Belgium's congestion is 2 × 167 ms.
        var clip = _clips.Tone(CountryTones.Find("be")!.Congestion);
        short[] period = CountryTones.Find("be")!.Congestion.Render();
        Assert.Equal(0, clip.Frames * 160 % period.Length);
        short[] all = [.. Enumerable.Range(0, clip.Frames).SelectMany(i => clip.Frame(i).ToArray())];
        Assert.Equal(period, all[^period.Length..]);
    }

    private string Write(double frequency)
    {
        string path = Path.Combine(_folder, "a.wav");
        File.WriteAllBytes(path, WavBytes.Of(1, 16, 8000, 1, WavBytes.Pcm(Tone.Sine(frequency, 8000), 16)));
        return path;
    }
}
