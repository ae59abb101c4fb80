using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Sessions;

namespace EventCalls.Media.Tests.Recording;

/// <summary>Recordings as they are heard: from anywhere in them, in the clear, and out of their folder alone.</summary>
public sealed class DecryptedRecordingTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task An_encrypted_recording_reads_as_its_plain_one_from_anywhere()
    {
        using var bench = Bench();
        string path = await RecordAsync(bench);
        using var whole = new MemoryStream();
        using (var file = File.OpenRead(path))
            EncryptedRecording.Decrypt(file, path, [new RecordingKey(s_key)], whole);
        byte[] plain = whole.ToArray();

        using var read = Recordings(bench).Open(path, out var access, out _)!;
        Assert.Equal(RecordingAccess.Readable, access);
        Assert.Equal(plain.Length, read.Length);
        var all = new byte[plain.Length];
        read.ReadExactly(all);
        Assert.Equal(plain, all);
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            int from = random.Next(plain.Length);
            var some = new byte[random.Next(1, Math.Min(70_000, plain.Length - from) + 1)];
            read.Position = from;
            read.ReadExactly(some);
            Assert.True(some.AsSpan().SequenceEqual(plain.AsSpan(from, some.Length)), $"{some.Length} bytes from {from} on are others.");
        }
        read.Position = plain.Length;
        Assert.Equal(0, read.Read(all));
    }

    [Fact]
    public async Task Without_its_key_or_changed_it_is_unreadable_and_says_why()
    {
        using var bench = Bench();
        string path = await RecordAsync(bench);
        Assert.Null(new MediaRecordings(bench.Folder, null).Open(path, out var access, out string? why));
        Assert.Equal(RecordingAccess.Unreadable, access);
        Assert.Contains("which is not here: give that key", why, StringComparison.Ordinal);

        byte[] bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var read = Recordings(bench).Open(path, out _, out _)!;
        var all = new byte[read.Length];
        Assert.Contains("changed", Assert.Throws<RecordingUnreadableException>(() => read.ReadExactly(all)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_was_cut_off_reads_to_its_last_whole_part()
    {
        using var bench = Bench();
        string path = await RecordAsync(bench);
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 50);
        using var read = Recordings(bench).Open(path, out _, out _)!;
        var bytes = new byte[read.Length];
        read.ReadExactly(bytes);
        var (left, _) = RecordingBench.Read(bytes);
        Assert.InRange(left.Length, 8000, 40_000);
    }

    [Theory]
    [InlineData("{0}/../secret.wav")]
    [InlineData("{0}/a/../../secret.wav")]
    [InlineData("{0}x/call.wav")]
    [InlineData("{0}")]
    [InlineData("/etc/passwd")]
    [InlineData("call-1.wav")]
    [InlineData("file://{0}/call-1.wav")]
    [InlineData("")]
    public void Nothing_outside_of_the_folder_is_found_opened_or_deleted(string pattern)
    {
        using var bench = new RecordingBench();
        string secret = Path.Combine(Path.GetDirectoryName(bench.Folder)!, "secret.wav");
        File.WriteAllText(secret, "secret");
        string location = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, bench.Folder);
        var recordings = new MediaRecordings(bench.Folder, null);
        Assert.Equal(RecordingAccess.Outside, recordings.Find(location));
        Assert.Null(recordings.Open(location, out _, out _));
        Assert.Contains("not in the folder", recordings.Delete(location, out _), StringComparison.Ordinal);
        Assert.True(File.Exists(secret));
        File.Delete(secret);
    }

    [Fact]
    public void A_link_out_of_the_folder_and_other_files_in_it_are_none()
    {
        using var bench = new RecordingBench();
        string link = Path.Combine(bench.Folder, "link.wav");
        File.CreateSymbolicLink(link, "/etc/hostname");
        string notes = Path.Combine(bench.Folder, "notes.txt");
        File.WriteAllText(notes, "x");
        var recordings = new MediaRecordings(bench.Folder, null);
        Assert.Equal((RecordingAccess.Missing, RecordingAccess.Outside), (recordings.Find(link), recordings.Find(notes)));
    }

    [Fact]
    public async Task A_deleted_recording_takes_its_empty_folders_along_and_is_gone_the_second_time_too()
    {
        using var bench = Bench();
        string path = await RecordAsync(bench);
        var recordings = Recordings(bench);
        Assert.Null(recordings.Delete(path, out var access));
        Assert.Equal(RecordingAccess.Readable, access);
        Assert.False(File.Exists(path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Folder));
        Assert.Null(recordings.Delete(path, out access));
        Assert.Equal(RecordingAccess.Missing, access);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Peaks_show_who_spoke_when(bool isOpus)
    {
        using var bench = new RecordingBench(s => s with { Format = isOpus ? RecordingFormat.Opus : RecordingFormat.Wav, Key = new RecordingKey(s_key) });
        // The caller speaks in the first two seconds, the target in the last two.
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 440, 1).Send(0, 100));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(AudioCodec.Pcma, 1000, 2).Send(3000, 100));
        string path = Assert.IsType<RecordingStored>(await bench.RunAsync(5000)).Location;
        using var audio = Recordings(bench).Open(path, out _, out _)!;
        var peaks = MediaRecordings.Peaks(audio, MediaRecordings.IsOpus(path), 50, default)!;
        Assert.Equal(50, peaks[0].Length);
        Assert.All(peaks[0][2..18], peak => Assert.InRange(peak, 20, 255));
        Assert.All(peaks[0][24..], peak => Assert.InRange(peak, 0, 4));
        Assert.All(peaks[1][..28], peak => Assert.InRange(peak, 0, 4));
        Assert.All(peaks[1][32..48], peak => Assert.InRange(peak, 20, 255));
    }

    private static RecordingBench Bench() => new(s => s with { Key = new RecordingKey(s_key) });

    private static MediaRecordings Recordings(RecordingBench bench) => new(bench.Folder, Convert.ToBase64String(s_key));

    private static async Task<string> RecordAsync(RecordingBench bench)
    {
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 440, 1).Send(0, 200));
        return Assert.IsType<RecordingStored>(await bench.RunAsync(5000)).Location;
    }
}
