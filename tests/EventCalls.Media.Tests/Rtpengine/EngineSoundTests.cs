using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Media.Tests.Rtpengine;

/// <summary>What engines are given to play: short files, one behind the other.</summary>
public sealed class EngineSoundTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-sounds-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_long_sound_is_several_files_of_a_datagram_each_that_make_it_up()
    {
        short[] sine = Tone.Sine(700, 15 * 8000);
        var parts = SoundPart.Of(new AudioClip(sine, repeats: false));
        Assert.Equal([7, 7, 1], parts.Select(part => part.Length.TotalSeconds));
        Assert.All(parts, part => Assert.InRange(part.File.Length, 1, 60_000));
        Assert.Equal(sine.Select(s => G711.DecodeMuLaw(G711.EncodeMuLaw(s))), parts.SelectMany(part => WavFile.Decode("part.wav", part.File)));
    }

    [Fact]
    public async Task A_tone_is_repeated_by_the_engine()
    {
        using var engine = new FakeEngine(static (_, _) => [FakeEngine.Ok()]);
        await using var engines = new Rtpengines([engine.Address], TimeProvider.System, NullLogger.Instance);
        var session = await OpenAsync(engines);
        Assert.Null(await session.PlayAsync(false, Sound.Ringback("de")!, static () => true));
        var asked = engine.Asked[^1];
        Assert.Equal(("play media", "2"), (asked["command"]!.Text, asked["from-tag"]!.Text));
        Assert.True(asked["repeat-times"]!.Number > 100_000);
        Assert.Equal(5, WavFile.Decode("tone.wav", asked["blob"]!.Bytes!.Value.ToArray()).Length / 8000);
        await session.StopAsync(false);
        Assert.Equal(("stop media", "2"), (engine.Asked[^1]["command"]!.Text, engine.Asked[^1]["from-tag"]!.Text));
    }

    [Fact]
    public async Task Music_goes_on_part_by_part_and_begins_again_until_it_is_over()
    {
        string music = Path.Combine(_folder.FullName, "music.wav");
        ToneFile.Write(music, TimeSpan.FromSeconds(9));
        var time = new FakeTimeProvider();
        using var engine = new FakeEngine(static (_, _) => [FakeEngine.Ok()]);
        await using var engines = new Rtpengines([engine.Address], time, NullLogger.Instance);
        var session = await OpenAsync(engines);
        bool goesOn = true;
        var played = session.PlayAsync(true, Sound.Music(music), () => Volatile.Read(ref goesOn));
        var lengths = new List<int>();
        for (int part = 1; part <= 3; part++)
        {
            await AskedAsync(engine, 1 + part, time);
            lengths.Add(engine.Asked[part]["blob"]!.Bytes!.Value.Length / 8000);
            Assert.Null(engine.Asked[part]["repeat-times"]);
        }
        Assert.Equal([7, 2, 7], lengths);
        Volatile.Write(ref goesOn, false);
        while (!played.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }
        Assert.Null(await played);
        Assert.Equal(4, engine.Asked.Count);
    }

    [Fact]
    public async Task What_the_engine_says_against_it_is_told_and_nothing_more_is_asked()
    {
        using var engine = new FakeEngine(static (number, _) => [number == 1 ? FakeEngine.Ok() : FakeEngine.Error("unsupported")]);
        await using var engines = new Rtpengines([engine.Address], TimeProvider.System, NullLogger.Instance);
        var session = await OpenAsync(engines);
        Assert.Equal($"udp://{engine.Address} says unsupported", await session.PlayAsync(true, Sound.Ringback("us")!, static () => true));
        Assert.Equal(2, engine.Asked.Count);
    }

    private static async Task<RtpengineSession> OpenAsync(Rtpengines engines)
    {
        var session = engines.Open("call", new RtpengineSide("1", MediaProtection.None, AddressFamily.InterNetwork), new RtpengineSide("2", MediaProtection.None, AddressFamily.InterNetwork));
        await session.OfferAsync(true, Encoding.ASCII.GetBytes("v=0\r\n"), default);
        return session;
    }

    /// <summary>Lets time pass until the engine has been asked so often.</summary>
    private static async Task AskedAsync(FakeEngine engine, int count, FakeTimeProvider time)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (engine.Asked.Count < count)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"The engine was asked {engine.Asked.Count} times.");
            // What is asked is answered within a millisecond of the real time, and must not be taken for lost.
            await Task.Delay(5);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
