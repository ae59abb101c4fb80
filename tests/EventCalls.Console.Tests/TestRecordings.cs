using System.Buffers.Binary;
using EventCalls.Testing;

namespace EventCalls.Console.Tests;

/// <summary>Recordings in memory: WAV, whose left side speaks in its first half and whose right one in its second.</summary>
internal sealed class TestRecordings : IRecordingFiles
{
    private const int Rate = 8000;

    /// <summary>What was opened, in order.</summary>
    public List<string> Opened { get; } = [];

    /// <summary>The files.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Where those are that are not here.</summary>
    public Dictionary<string, RecordingPlace> Places { get; } = [];

    public RecordingPlace Find(string location) => Files.ContainsKey(location) ? RecordingPlace.Here : Places.TryGetValue(location, out var place) && place == RecordingPlace.Outside ? place : RecordingPlace.Missing;

    public OpenedRecording Open(string location)
    {
        Opened.Add(location);
        if (Places.TryGetValue(location, out var place))
            return new OpenedRecording(place, null, "'x.wav.enc': was encrypted with the key 0011223344556677, which is not here: give that key");
        return Files.TryGetValue(location, out var bytes) ? new OpenedRecording(RecordingPlace.Here, new MemoryStream(bytes), null) : new OpenedRecording(RecordingPlace.Missing, null, null);
    }

    public bool IsOpus(string location) => location.Contains(".opus", StringComparison.Ordinal);

    public IReadOnlyList<byte[]>? Peaks(Stream audio, bool isOpus, int parts, CancellationToken cancellationToken) =>
        [[.. Enumerable.Range(0, 100).Select(i => (byte)(i < 50 ? 60 + i % 7 * 20 : 0))], [.. Enumerable.Range(0, 100).Select(i => (byte)(i < 50 ? 0 : 40 + i % 5 * 30))]];

    /// <summary>A WAV file of so many seconds.</summary>
    public static byte[] Wav(int seconds)
    {
        byte[] bytes = ToneFile.Wav(seconds * Rate, 2, Rate);
        for (int i = 0; i < seconds * Rate; i++)
        {
            short sample = (short)(6000 * Math.Sin(2 * Math.PI * (i < seconds * Rate / 2 ? 440 : 1000) * i / Rate));
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(ToneFile.HeaderLength + i * 4 + (i < seconds * Rate / 2 ? 0 : 2)), sample);
        }
        return bytes;
    }
}
