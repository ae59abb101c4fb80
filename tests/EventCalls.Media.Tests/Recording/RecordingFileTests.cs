using System.Diagnostics;
using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Rtp;
using EventCalls.Testing;

namespace EventCalls.Media.Tests.Recording;

/// <summary>What is on the disk, whatever happens to who writes it and to the disk.</summary>
public sealed class RecordingFileTests : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly RecordingKey s_key = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("recorded").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_encrypted_recording_is_the_plain_one_for_who_has_the_key()
    {
        using var bench = Call(s => s with { Key = s_key });
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(4000));
        Assert.EndsWith("call-1.wav.enc", stored.Location, StringComparison.Ordinal);
        Assert.Equal((true, new FileInfo(stored.Location).Length), (stored.Encrypted, stored.Bytes));
        using var plainBench = Call(s => s);
        var plain = Assert.IsType<RecordingStored>(await plainBench.RunAsync(4000));
        var (ending, bytes) = Decrypt(File.ReadAllBytes(stored.Location));
        Assert.Equal(RecordingEnding.Whole, ending);
        Assert.Equal(File.ReadAllBytes(plain.Location), bytes);
        // Nothing of it is in the clear, and no two files are alike.
        Assert.True(File.ReadAllBytes(stored.Location).AsSpan().IndexOf(bytes.AsSpan(44 + 32_000, 16)) < 0);
    }

    [Fact]
    public async Task What_was_cut_off_changed_moved_or_added_in_an_encrypted_recording_is_found()
    {
        using var bench = Call(s => s with { Key = s_key });
        byte[] file = File.ReadAllBytes(Assert.IsType<RecordingStored>(await bench.RunAsync(4000)).Location);
        var chunks = Chunks(file);
        Assert.True(chunks.Count is >= 4 and <= 6, string.Join(",", chunks));
        Assert.Equal(RecordingEnding.CutOff, Decrypt(file[..chunks[^1].Start]).Ending);
        Assert.Equal(RecordingEnding.CutOff, Decrypt(file[..(chunks[^1].Start - 1)]).Ending);
        byte[] whole = Decrypt(file).Plain;
        byte[] part = Decrypt(file[..(chunks[2].Start + 3)]).Plain;
        Assert.Equal(whole[44..part.Length], part[44..]);
        RecordingBench.Read(part);
        byte[] swapped = [.. file[..chunks[1].Start], .. Bytes(2), .. Bytes(1), .. file[chunks[3].Start..]];
        Assert.Contains("part 2 was changed, moved or left out", Assert.Throws<RecordingUnreadableException>(() => Decrypt(swapped)).Message, StringComparison.Ordinal);
        Assert.Throws<RecordingUnreadableException>(() => Decrypt([.. file[..chunks[1].Start], .. file[chunks[2].Start..]]));
        Assert.Throws<RecordingUnreadableException>(() => Decrypt([.. file, 0]));
        var random = new Random(8);
        for (int i = 0; i < 300; i++)
        {
            byte[] changed = [.. file];
            int at = random.Next(file.Length);
            changed[at] ^= (byte)(1 << random.Next(8));
            try
            {
                // A length that was changed may lead behind the end: cut off, and nothing false is read.
                var (ending, plain) = Decrypt(changed);
                Assert.Equal(RecordingEnding.CutOff, ending);
                Assert.Equal(whole[44..Math.Max(44, plain.Length)], plain[Math.Min(44, plain.Length)..]);
            }
            catch (RecordingUnreadableException e)
            {
                Assert.StartsWith("'x.enc': ", e.Message, StringComparison.Ordinal);
            }
        }

        byte[] Bytes(int index) => file[chunks[index].Start..(chunks[index].Start + chunks[index].Length)];
    }

    [Fact]
    public async Task Another_key_does_not_open_it_and_among_several_the_right_one_does()
    {
        using var bench = Call(s => s with { Key = s_key });
        byte[] file = File.ReadAllBytes(Assert.IsType<RecordingStored>(await bench.RunAsync(1000)).Location);
        var other = new RecordingKey(new byte[32]);
        Assert.Contains(Convert.ToHexString(s_key.Id), Assert.Throws<RecordingUnreadableException>(() => Decrypt(file, other)).Message, StringComparison.Ordinal);
        Assert.Equal(RecordingEnding.Whole, Decrypt(file, other, s_key).Ending);
    }

    [Theory]
    [InlineData("AAAA", false)]
    [InlineData("no base64", false)]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", true)]
    public void A_key_is_32_bytes_in_base64(string text, bool good)
    {
        var key = RecordingKey.TryParse(text, out string? error);
        Assert.Equal(good, key is not null);
        if (good)
            Assert.Equal(s_key.Id.ToArray(), key!.Id.ToArray());
        else
            Assert.Contains("openssl rand -base64 32", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_is_killed_leaves_readable_recordings(bool encrypted)
    {
        string[] arguments = [typeof(RecordingFileTests).Assembly.Location, "record", _folder, encrypted ? Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]) : "-"];
        string path = Path.Combine(_folder, encrypted ? "killed.wav.enc.part" : "killed.wav.part");
        await using (var child = ChildProcess.Start("dotnet", arguments))
        {
            await child.WaitForLineAsync(line => line.StartsWith("4 seconds", StringComparison.Ordinal), s_longest, default);
            // While its writer lives nobody mends it.
            Assert.Empty(RecordingFolder.Repair(_folder, [s_key]));
            using var process = Process.GetProcessById(child.Id);
            process.Kill();
            Assert.Equal(137, await child.Exited.WaitAsync(s_longest));
        }
        // As it is: up to a second before.
        Hears(encrypted ? Decrypt(File.ReadAllBytes(path)).Plain : PlainAsItIs(path));
        // And mended.
        string whole = path[..^5];
        Assert.Equal([new RecordingRepair(whole, null)], RecordingFolder.Repair(_folder, [s_key]));
        Assert.False(File.Exists(path));
        if (encrypted)
            Assert.Equal(RecordingEnding.Repaired, Decrypt(File.ReadAllBytes(whole)).Ending);
        Hears(encrypted ? Decrypt(File.ReadAllBytes(whole)).Plain : File.ReadAllBytes(whole));
        Assert.Empty(RecordingFolder.Repair(_folder, [s_key]));

        static void Hears(byte[] bytes)
        {
            var (left, right) = RecordingBench.Read(bytes);
            Assert.InRange(left.Length, 3 * 8000, 60 * 8000);
            Assert.InRange(Tone.Amplitude(left.AsSpan(8000, 16_000), 500), 7000, 9000);
            Assert.InRange(Tone.Amplitude(right.AsSpan(8000, 16_000), 900), 7000, 9000);
            Assert.InRange(Tone.Amplitude(right.AsSpan(8000, 16_000), 500), 0, 100);
        }
    }

    [Fact]
    public void Recordings_that_were_left_in_any_state_are_mended_or_named()
    {
        File.WriteAllBytes(Path.Combine(_folder, "empty.wav.part"), []);
        File.WriteAllBytes(Path.Combine(_folder, "other.wav.enc.part"), new byte[200]);
        File.WriteAllBytes(Path.Combine(_folder, "of-others.txt.part"), []);
        var repaired = RecordingFolder.Repair(_folder, [s_key]);
        Assert.Equal(2, repaired.Count);
        Assert.All(repaired, r => Assert.NotNull(r.Error));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_is_full_ends_the_recording_and_what_was_written_is_readable(bool encrypted)
    {
        using var bench = Call(s => s with { Key = encrypted ? s_key : null, Open = path => new SmallDisk(path, 100_000) });
        var failed = Assert.IsType<RecordingFailed>(await bench.RunAsync(8000));
        Assert.Equal(RecordingFailure.DiskFull, failed.Reason);
        Assert.InRange(failed.Duration.TotalSeconds, 2, 3.2);
        Assert.Equal(failed.Bytes, new FileInfo(failed.Location!).Length);
        byte[] bytes = File.ReadAllBytes(failed.Location!);
        if (encrypted)
        {
            var (ending, plain) = Decrypt(bytes);
            Assert.Equal(RecordingEnding.Repaired, ending);
            bytes = plain;
        }
        var (left, _) = RecordingBench.Read(bytes);
        Assert.InRange(Tone.Amplitude(left.AsSpan(0, 16_000), 500), 7000, 9000);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), 0, "NotPermitted")]
    [InlineData(typeof(IOException), 30, "NotPermitted")]
    [InlineData(typeof(IOException), 5, "DiskError")]
    [InlineData(typeof(IOException), 28, "DiskFull")]
    [InlineData(typeof(InvalidCastException), 0, "Fault")]
    public async Task A_file_that_cannot_be_made_is_a_failure_with_its_reason_and_the_next_recording_goes_on(Type type, int code, string reason)
    {
        int opened = 0;
        using var bench = Call(s =>
        {
            var open = s.Open;
            return s with
            {
                Open = path => opened++ > 0
                    ? open(path)
                    : throw (type == typeof(IOException) ? new IOException("no", code) : (Exception)Activator.CreateInstance(type)!),
            };
        });
        var second = bench.Begin("call-2");
        bench.At(100, () => second.Stop(0));
        Assert.IsType<RecordingStored>(await bench.RunAsync(1000));
        var failed = Assert.IsType<RecordingFailed>(await second.Completed);
        Assert.Equal((reason, null, 0L), (failed.Reason.ToString(), failed.Location, failed.Bytes));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_failure_too()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        var writer = new RecordingWriter(new RecordingSettings(Path.Combine(_folder, "file")) { Path = RecordingPath.TryParse("{call}", out _)! }, () => { });
        var recording = writer.Begin(new RecordingDetails("a", default), 0);
        writer.Pass(0);
        Assert.Null(Assert.IsType<RecordingFailed>(await recording.Completed).Location);
        // Those who do not know yet feed on.
        Assert.True(RtpPacket.TryParse(new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 1).Single().Packet, out var packet));
        recording.SetPayloads(RecordingChannel.Caller, RecordingBench.Payloads);
        for (int i = 0; i < 1000; i++)
            recording.Feed(RecordingChannel.Caller, packet, i);
        Assert.Equal(0, recording.Dropped);
    }

    [Fact]
    public async Task A_recording_that_is_discarded_leaves_nothing()
    {
        using var bench = Call(s => s);
        bench.At(1500, bench.Recording.Discard);
        Assert.IsType<RecordingDiscarded>(await bench.RunAsync(3000));
        Assert.Empty(Directory.GetFiles(bench.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Recordings_of_one_name_have_numbers()
    {
        using var bench = Call(s => s);
        var second = bench.Begin("call-1");
        bench.At(500, () => second.Stop(77_123_456_789 + 500_000));
        string first = Assert.IsType<RecordingStored>(await bench.RunAsync(1000)).Location;
        string other = Assert.IsType<RecordingStored>(await second.Completed).Location;
        Assert.Equal(["call-1-2.wav", "call-1.wav"], new[] { first, other }.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_recording_of_a_call_that_ends_at_once_is_a_whole_file_too()
    {
        using var bench = new RecordingBench(s => s with { Key = s_key });
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(0));
        Assert.Equal(TimeSpan.Zero, stored.Duration);
        Assert.Empty(RecordingBench.Read(Decrypt(File.ReadAllBytes(stored.Location)).Plain).Left);
    }

    [Fact]
    public void Recordings_that_are_too_old_are_deleted_and_nothing_else()
    {
        var now = new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);
        string[] names = ["2026/01/old.wav", "2026/01/old.opus.enc", "2026/03/new.wav", "2026/02/old.txt", "2026/02/old.wav.part"];
        foreach (string name in names)
        {
            string path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
            File.SetLastWriteTimeUtc(path, name.Contains("old", StringComparison.Ordinal) ? now.UtcDateTime.AddDays(-31) : now.UtcDateTime.AddDays(-29));
        }
        Assert.Equal(2, RecordingFolder.Expire(_folder, now.AddDays(-30)));
        Assert.False(Directory.Exists(Path.Combine(_folder, "2026/01")));
        Assert.Equal(3, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
        Assert.Equal(0, RecordingFolder.Expire(Path.Combine(_folder, "none"), now));
    }

    [Fact]
    public async Task A_process_without_Opus_does_not_load_its_library()
    {
        await using var child = ChildProcess.Start("dotnet", [typeof(RecordingFileTests).Assembly.Location, "without-opus", _folder]);
        await child.WaitForLineAsync(line => line == "no Concentus", s_longest, default);
        Assert.Equal(0, await child.Exited.WaitAsync(s_longest));
    }

    [Fact]
    public async Task The_thread_writes_what_is_fed_and_ends_all_recordings_with_itself()
    {
        CallRecording recording;
        using (var thread = new RecordingThread(new RecordingSettings(_folder) { Path = RecordingPath.TryParse("{call}", out _)! }, TimeProvider.System))
        {
            recording = thread.Writer.Begin(new RecordingDetails("live", default), RecordingThread.Microseconds(TimeProvider.System));
            recording.SetPayloads(RecordingChannel.Caller, RecordingBench.Payloads);
            foreach (var (arrival, bytes) in new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 5))
            {
                Assert.True(RtpPacket.TryParse(bytes, out var packet));
                recording.Feed(RecordingChannel.Caller, packet, recording.Start);
            }
        }
        var stored = Assert.IsType<RecordingStored>(await recording.Completed);
        Assert.Equal(Path.Combine(_folder, "live.wav"), stored.Location);
    }

    private static RecordingBench Call(Func<RecordingSettings, RecordingSettings> change)
    {
        var bench = new RecordingBench(change);
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 400));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(AudioCodec.Pcmu, 900, 2).Send(0, 400));
        return bench;
    }

    // A file whose writer was at it may have bytes behind what its header says: they are left out, as programs do.
    private static byte[] PlainAsItIs(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes[..(int)(44 + BitConverter.ToUInt32(bytes, 40))];
    }

    private static (RecordingEnding Ending, byte[] Plain) Decrypt(byte[] file, params RecordingKey[] keys)
    {
        var plain = new MemoryStream();
        var ending = EncryptedRecording.Decrypt(new MemoryStream(file), "x.enc", keys.Length > 0 ? keys : [s_key], plain);
        return (ending, plain.ToArray());
    }

    private static List<(int Start, int Length)> Chunks(byte[] file)
    {
        var chunks = new List<(int, int)>();
        for (int at = EncryptedFormat.HeaderLength; at < file.Length;)
        {
            Assert.True(EncryptedFormat.TryReadChunkHeader(file.AsSpan(at), out _, out int length));
            chunks.Add((at, length += EncryptedFormat.ChunkHeaderLength + EncryptedFormat.TagLength));
            at += length;
        }
        return chunks;
    }

    /// <summary>A file on a disk with so much room: the last write is written in part, as a real one's is.</summary>
    private sealed class SmallDisk(string path, long room) : Stream
    {
        private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => _file.Length;

        public override long Position { get => _file.Position; set => _file.Position = value; }

        public override void Flush() => _file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

        public override void SetLength(long value) => _file.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count)
        {
            int fits = (int)Math.Min(count, room - _file.Position);
            _file.Write(buffer, offset, fits);
            if (fits < count)
                throw new IOException($"No space left on device : '{path}'", 28);
        }

        protected override void Dispose(bool disposing) => _file.Dispose();
    }
}
