using EventCalls.Media.Audio;
using EventCalls.Media.Recording;

namespace EventCalls.Media.Tests.Recording;

[Trait("RFC", "7845 §3, §4, §5.1, 3533 §6")]
public sealed class OggOpusTests
{
    [Fact]
    public async Task Both_channels_are_heard_of_an_Opus_file_as_long_as_the_call_was()
    {
        using var bench = Call();
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(4013));
        Assert.EndsWith(".opus", stored.Location, StringComparison.Ordinal);
        Assert.InRange(stored.Bytes, 4 * 2000, 4 * 8000);
        var (left, right) = Decode(File.ReadAllBytes(stored.Location), ended: true);
        Assert.Equal(4013 * 8, left.Length);
        Assert.InRange(Tone.Amplitude(left.AsSpan(8000, 8000), 500), 6500, 9000);
        Assert.InRange(Tone.Amplitude(left.AsSpan(8000, 8000), 900), 0, 250);
        Assert.InRange(Tone.Amplitude(right.AsSpan(18_000, 6000), 900), 6500, 9000);
        Assert.InRange(Tone.Amplitude(right.AsSpan(18_000, 6000), 500), 0, 250);
        Assert.InRange(Tone.Amplitude(right.AsSpan(4000, 8000), 900), 0, 250);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    public async Task A_file_that_was_cut_off_is_mended_up_to_its_last_page(int less)
    {
        using var bench = Call();
        string path = Assert.IsType<RecordingStored>(await bench.RunAsync(4000)).Location;
        byte[] whole = File.ReadAllBytes(path);
        string left = Path.Combine(bench.Folder, "left.opus.part");
        File.Delete(path);
        File.WriteAllBytes(left, whole[..^less]);
        Assert.Equal([new RecordingRepair(left[..^5], null)], RecordingFolder.Repair(bench.Folder, []));
        var (mended, _) = Decode(File.ReadAllBytes(left[..^5]), ended: true);
        Assert.InRange(mended.Length, less == 0 ? 4000 * 8 : 2900 * 8, 4000 * 8);
        Assert.InRange(Tone.Amplitude(mended.AsSpan(8000, 8000), 500), 6500, 9000);
    }

    private static RecordingBench Call()
    {
        var bench = new RecordingBench(s => s with { Format = RecordingFormat.Opus });
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 200));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(AudioCodec.Pcmu, 900, 2).Send(2000, 100));
        return bench;
    }

    private static (short[] Left, short[] Right) Decode(byte[] bytes, bool ended)
    {
        var file = new MemoryStream(bytes);
        var page = new byte[OggPage.MostLength];
        var packets = new List<byte[]>();
        long position = 0;
        uint sequence = 0;
        int flags = 0;
        while (OggPage.TryRead(file, page, out _))
        {
            flags = page[5];
            Assert.Equal(sequence == 0, (flags & 2) != 0);
            Assert.Equal(sequence++, BitConverter.ToUInt32(page, 18));
            position = BitConverter.ToInt64(page, 6);
            int at = OggPage.HeaderLength + page[26];
            int length = 0;
            foreach (byte segment in page.AsSpan(OggPage.HeaderLength, page[26]))
            {
                length += segment;
                if (segment == 255)
                    continue;
                packets.Add(page[at..(at + length)]);
                at += length;
                length = 0;
            }
        }
        Assert.Equal(bytes.Length, file.Position);
        Assert.Equal(ended, (flags & 4) != 0);
        Assert.Equal("OpusHead"u8.ToArray(), packets[0][..8]);
        Assert.Equal("OpusTags"u8.ToArray(), packets[1][..8]);
        int preSkip = BitConverter.ToUInt16(packets[0], 10);
        Assert.Equal(0, preSkip % 6);
        var decoder = Concentus.OpusCodecFactory.CreateDecoder(8000, 2);
        var all = new List<short>();
        var samples = new short[960 * 2];
        foreach (byte[] packet in packets.Skip(2))
            all.AddRange(samples[..(2 * decoder.Decode(packet, samples.AsSpan(), 960, false))]);
        // What the encoder looked ahead is left out, and so is what is behind the end.
        short[] heard = [.. all.Skip(preSkip / 6 * 2).Take((int)(position - preSkip) / 6 * 2)];
        return ([.. heard.Where((_, i) => i % 2 == 0)], [.. heard.Where((_, i) => i % 2 == 1)]);
    }
}
