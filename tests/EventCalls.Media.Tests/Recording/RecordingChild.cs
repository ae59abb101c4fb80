using System.Diagnostics;
using System.Globalization;
using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Recording;

/// <summary>What runs in a process of its own.</summary>
internal static class RecordingChild
{
    private const int Calls = 200;
    private const int Seconds = 10;

    /// <summary>Records a call, four times as fast as it is, until it is killed.</summary>
    public static int Record(string folder, string key)
    {
        var settings = new RecordingSettings(folder) { Path = RecordingPath.TryParse("{call}", out _)!, Key = key == "-" ? null : RecordingKey.TryParse(key, out _) };
        var writer = new RecordingWriter(settings, () => { });
        var recording = Begin(writer, "killed");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var caller = Endless(AudioCodec.Pcma, 500, 1);
        using var target = Endless(AudioCodec.Pcmu, 900, 2);
        for (int i = 0; i < 50 * 600; i++)
        {
            timer.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();
            Feed(recording, RecordingChannel.Caller, caller);
            Feed(recording, RecordingChannel.Target, target);
            if (i % 5 == 0)
                writer.Pass(i * 20_000L);
            if (i % 50 == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i / 50} seconds"));
        }
        return 0;
    }

    /// <summary>Plays and records G.711, and says whether Opus was loaded for it.</summary>
    public static int WithoutOpus(string folder)
    {
        var writer = new RecordingWriter(new RecordingSettings(folder) { Path = RecordingPath.TryParse("{call}", out _)! }, () => { });
        var recording = Begin(writer, "g711");
        var player = new Player(AudioCodec.Pcma, 8, 1, 0, 0);
        player.Play(new ClipSource(AudioClip.Of(CountryTones.Find("de")!.Ringback)));
        var transcoder = new Transcoder(AudioCodec.Pcma, AudioCodec.Pcmu, 0, 0);
        var buffer = new byte[Player.MostBytes];
        for (int i = 0; i < 100; i++)
        {
            if (!RtpPacket.TryParse(buffer.AsSpan(0, player.Next(buffer)), out var packet))
                return 1;
            transcoder.Accept(packet.Payload, packet.Timestamp);
            recording.Feed(RecordingChannel.Caller, packet, i * 20_000L);
        }
        recording.Stop(2_000_000);
        writer.Pass(2_000_000);
        bool loaded = AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "Concentus");
        Console.WriteLine(loaded ? "Concentus" : "no Concentus");
        return 0;
    }

    /// <summary>Records 200 calls for 10 s of their time, as fast as it goes, with a native library of Opus or without, and says what that takes of the processor and the heap.</summary>
    public static int Measure(string folder, string format, string? opus)
    {
        if (!OpusLibrary.TryUse(opus, out string? whyNot))
        {
            Console.Error.WriteLine(whyNot);
            return 3;
        }
        var settings = new RecordingSettings(folder)
        {
            Path = RecordingPath.TryParse("{call}", out _)!,
            Format = format.StartsWith("opus", StringComparison.Ordinal) ? RecordingFormat.Opus : RecordingFormat.Wav,
            Key = format.EndsWith("encrypted", StringComparison.Ordinal) ? new RecordingKey(new byte[32]) : null,
        };
        var writer = new RecordingWriter(settings, () => { });
        bool fromOpus = format.Contains("from-opus", StringComparison.Ordinal);
        var sides = new[] { 1u, 2u }.Select(ssrc => new SimulatedSender(fromOpus ? AudioCodec.Opus : AudioCodec.Pcma, 300 * ssrc, ssrc).Send(0, Seconds * 100).ToArray()).ToArray();
        // Once before, for what is compiled on the way.
        Play(writer, sides, 0, "warm");
        var recordings = Play(writer, sides, Seconds, "measured", out double feeding, out double writing, out long allocated);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{format}: feeding {feeding / Seconds:P1}, writing {writing / Seconds:P1} of a core; {allocated / (Calls * Seconds * 100.0):F1} bytes allocated a packet; dropped {recordings.Sum(r => r.Dropped)}"));
        return 0;
    }

    private static void Play(RecordingWriter writer, (long, byte[])[][] sides, int from, string name) => Play(writer, sides, from, name, out _, out _, out _);

    private static List<CallRecording> Play(RecordingWriter writer, (long Arrival, byte[] Packet)[][] sides, int from, string name, out double feeding, out double writing, out long allocated)
    {
        long start = from * 1_000_000L;
        var recordings = Enumerable.Range(0, Calls).Select(i => Begin(writer, $"{name}-{i}", start)).ToList();
        writer.Pass(start);
        feeding = writing = 0;
        allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int tick = 0; tick < Seconds * 10; tick++)
        {
            var before = Processor();
            for (int frame = 0; frame < 5; frame++)
            {
                int index = from * 50 + tick * 5 + frame;
                foreach (var recording in recordings)
                {
                    for (int side = 0; side < 2; side++)
                    {
                        if (RtpPacket.TryParse(sides[side][index].Packet, out var packet))
                            recording.Feed((RecordingChannel)side, packet, sides[side][index].Arrival);
                    }
                }
            }
            var between = Processor();
            writer.Pass(start + (tick + 1) * 100_000L);
            feeding += (between - before).TotalSeconds;
            writing += (Processor() - between).TotalSeconds;
        }
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var ending = Processor();
        foreach (var recording in recordings)
            recording.Stop(start + Seconds * 1_000_000L);
        writer.Pass(start + Seconds * 1_000_000L);
        writing += (Processor() - ending).TotalSeconds;
        return recordings;
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static CallRecording Begin(RecordingWriter writer, string call, long start = 0)
    {
        var recording = writer.Begin(new RecordingDetails(call, default), start);
        (int, AudioCodec)[] payloads = call is "killed" or "g711" ? [(0, AudioCodec.Pcmu), (8, AudioCodec.Pcma)] : RecordingBench.Payloads;
        recording.SetPayloads(RecordingChannel.Caller, payloads);
        recording.SetPayloads(RecordingChannel.Target, payloads);
        return recording;
    }

    private static IEnumerator<(long Arrival, byte[] Packet)> Endless(AudioCodec codec, double frequency, uint ssrc) =>
        new SimulatedSender(codec, frequency, ssrc).Send(0, int.MaxValue).GetEnumerator();

    private static void Feed(CallRecording recording, RecordingChannel channel, IEnumerator<(long Arrival, byte[] Packet)> packets)
    {
        packets.MoveNext();
        if (RtpPacket.TryParse(packets.Current.Packet, out var packet))
            recording.Feed(channel, packet, packets.Current.Arrival);
    }
}
