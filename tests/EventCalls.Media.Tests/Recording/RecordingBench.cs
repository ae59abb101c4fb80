using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Recording;

/// <summary>A folder, a writer, and a call that is played to it in virtual time.</summary>
internal sealed class RecordingBench : IDisposable
{
    // Of the relay's clock, which begins anywhere.
    private const long Start = 77_123_456_789;

    private readonly List<(long At, int Order, Action Do)> _script = [];

    public RecordingBench(Func<RecordingSettings, RecordingSettings>? change = null, string pattern = RecordingPath.Default)
    {
        var settings = new RecordingSettings(Folder) { Path = RecordingPath.TryParse(pattern, out _)! };
        Settings = change?.Invoke(settings) ?? settings;
        Writer = new RecordingWriter(Settings, () => { });
        Recording = Begin("call-1");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("recordings").FullName;

    public RecordingSettings Settings { get; }

    public RecordingWriter Writer { get; }

    public CallRecording Recording { get; }

    public int PassEvery { get; set; } = 100;

    public static (int, AudioCodec)[] Payloads => [.. AudioCodec.All.Select(c => (c.PayloadType, c))];

    public CallRecording Begin(string call)
    {
        var recording = Writer.Begin(new RecordingDetails(call, new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero)), Start);
        recording.SetPayloads(RecordingChannel.Caller, Payloads);
        recording.SetPayloads(RecordingChannel.Target, Payloads);
        return recording;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Plays packets to a channel.</summary>
    public void Feed(RecordingChannel channel, IEnumerable<(long Arrival, byte[] Packet)> packets)
    {
        foreach (var (arrival, bytes) in packets)
            At(arrival / 1000.0, () =>
            {
                if (RtpPacket.TryParse(bytes, out var packet))
                    Recording.Feed(channel, packet, Start + arrival);
            });
    }

    /// <summary>Does something at a time, ms.</summary>
    public void At(double milliseconds, Action @do) => _script.Add(((long)(milliseconds * 1000), _script.Count, @do));

    public void PauseAt(double milliseconds) => At(milliseconds, () => Recording.Pause(Start + (long)(milliseconds * 1000)));

    public void ResumeAt(double milliseconds) => At(milliseconds, () => Recording.Resume(Start + (long)(milliseconds * 1000)));

    /// <summary>Plays all until a time, ms, and stops there.</summary>
    public async Task<RecordingResult> RunAsync(double milliseconds)
    {
        double pass = 0;
        foreach (var (at, _, action) in _script.Where(s => s.At <= milliseconds * 1000).OrderBy(s => s.At).ThenBy(s => s.Order))
        {
            for (; pass * 1000 <= at; pass += PassEvery)
                Writer.Pass(Start + (long)(pass * 1000));
            action();
        }
        for (; pass <= milliseconds; pass += PassEvery)
            Writer.Pass(Start + (long)(pass * 1000));
        Recording.Stop(Start + (long)(milliseconds * 1000));
        Writer.Pass(Start + (long)(milliseconds * 1000));
        Assert.Equal(0, Writer.Count);
        return await Recording.Completed;
    }

    /// <summary>Both channels of a WAV file.</summary>
    public static (short[] Left, short[] Right) Read(string path) => Read(File.ReadAllBytes(path));

    public static (short[] Left, short[] Right) Read(byte[] bytes)
    {
        // Sizes and all are as a whole file has them.
        Assert.Equal((uint)(bytes.Length - 8), BitConverter.ToUInt32(bytes, 4));
        Assert.Equal((uint)(bytes.Length - 44), BitConverter.ToUInt32(bytes, 40));
        var samples = new short[(bytes.Length - 44) / 2];
        Buffer.BlockCopy(bytes, 44, samples, 0, samples.Length * 2);
        return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
    }
}
