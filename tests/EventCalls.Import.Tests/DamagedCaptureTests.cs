using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

public class DamagedCaptureTests
{
    private static readonly byte[] s_pcap = new WireCall(CaptureBytes.Pcap()).Simple().Bytes;
    private static readonly byte[] s_pcapng = new WireCall(CaptureBytes.Pcapng().Interface(1)).Simple().Bytes;

    public static TheoryData<string> Formats => ["pcap", "pcapng"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_capture_that_is_cut_off_anywhere_gives_the_packets_before(string format)
    {
        byte[] whole = format == "pcap" ? s_pcap : s_pcapng;
        var packets = new List<long>();
        for (int length = 0; length <= whole.Length; length++)
        {
            var (read, _, problems) = Reading.Of(whole[..length]);
            packets.Add(read);
            if (length > 4 && read < 4 && length < whole.Length)
                Assert.True(problems.Count <= 1);
        }
        Assert.Equal(packets.Order(), packets);
        Assert.Equal([0L, 1L, 2L, 3L, 4L], packets.Distinct());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Thousands_of_mutations_are_read_to_their_end_without_an_exception(string format)
    {
        byte[] whole = format == "pcap" ? s_pcap : s_pcapng;
        var random = new Random(20260301);
        for (int round = 0; round < 4_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int changes = random.Next(1, 12); changes > 0; changes--)
                bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
            {
                int cut = random.Next(4, bytes.Length);
                bytes = [.. bytes[..cut], .. bytes[Math.Min(bytes.Length, cut + random.Next(40))..]];
            }
            var (packets, calls, _) = Reading.Of(bytes);
            Assert.InRange(packets, 0, 200);
            Assert.InRange(calls, 0, 4);
        }
    }

    [Fact]
    public async Task Captures_and_tables_with_flipped_bytes_are_imported_into_a_store_as_far_as_they_go()
    {
        var random = new Random(20261129);
        byte[] table = System.Text.Encoding.UTF8.GetBytes("started_at,ended_at,duration_seconds,call_id,caller,callee,target,outcome,header.X-A\n"
            + string.Concat(Enumerable.Range(0, 10).Select(i => $"2026-01-31T13:0{i}:00Z,2026-01-31 13:5{i}:00,{i},c{i % 5},+1555{i},\"\"\"J\"\" <sip:{i}@x>\",sip:a@b,busy,v\n")));
        await using var imported = new Imported { Csv = new() { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), TimeFormats = [Csv.TimeFormat.Parse("%d.%m.%Y %H:%M")!] } };
        for (int round = 0; round < 120; round++)
        {
            (string Name, byte[] Bytes)[] files = [("a.pcap", [.. s_pcap]), ("b.pcapng", [.. s_pcapng]), ("c.csv", [.. table])];
            foreach (var (_, bytes) in files)
            {
                for (int changes = random.Next(1, 9); changes > 0; changes--)
                    bytes[random.Next(4, bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
            var result = await imported.ImportAsync(files);
            Assert.InRange(result.Calls, 0, 40);
            Assert.Equal(result.Calls, result.Imported + result.AlreadyThere + result.Problems.Listed.Count(p => p.Message.StartsWith("the store ", StringComparison.Ordinal)));
        }
        await imported.CallsAsync();
    }

    [Fact]
    public void A_time_at_the_end_of_time_is_damage()
    {
        var capture = CaptureBytes.Pcapng().Interface(1, resolution: 0);
        byte[] frame = Frames.Link(1, TunnelTests.Invite());
        foreach (ulong seconds in (ulong[])[253_402_300_799, 221_845_392_000, ulong.MaxValue, 221_845_391_999])
            capture.Block(6, [0, 0, 0, 0, .. BitConverter.GetBytes((uint)(seconds >> 32)), .. BitConverter.GetBytes((uint)seconds), .. BitConverter.GetBytes(frame.Length), .. BitConverter.GetBytes(frame.Length), .. frame]);
        var (packets, calls, problems) = Reading.Of(capture.Bytes);

        Assert.Equal((1L, 1, 3L), (packets, calls, problems.Count));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Behind_damage_reading_goes_on_and_the_damage_is_named_by_its_offset(string format)
    {
        await using var imported = new Imported();
        var capture = format == "pcap" ? CaptureBytes.Pcap() : CaptureBytes.Pcapng().Interface(1);
        var wire = new WireCall(capture).Simple("before@carrier");
        int offset = capture.Bytes.Length;
        capture.Raw([.. Enumerable.Repeat((byte)0xEE, 1_000)]);
        wire.After(60).Simple("behind@carrier", "+15550001111");
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal(["before@carrier", "behind@carrier"], (await imported.CallsAsync()).Select(c => ((CallStarted)c[0]).SipCallId));
        var problem = Assert.Single(result.Problems.Listed);
        Assert.Equal(("0.pcap", $"offset {offset}"), (problem.File, problem.At));
        Assert.Contains("1000 bytes are damaged", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_captured_in_part_counts_as_far_as_its_header_goes()
    {
        await using var imported = new Imported();
        string body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + new string('a', 400);
        var whole = CaptureBytes.Pcap();
        new WireCall(whole).Request(WireCall.Carrier, WireCall.Us, "INVITE", body: body);
        // The packet lies behind the file's and its own header; a snapshot length cuts its end off.
        byte[] frame = whole.Bytes[40..^200];
        var capture = CaptureBytes.Pcap().Packet(frame);
        new WireCall(capture).After(1).Response(WireCall.Us, WireCall.Carrier, "404 Not Found");
        await imported.ImportAsync(capture.Bytes);

        var call = await imported.CallAsync();
        Assert.Equal("a@carrier", ((CallStarted)call[0]).SipCallId);
        Assert.Equal(404, ((CallEnded)call[^1]).Status);
    }

    [Fact]
    public async Task A_file_that_is_no_capture_and_no_table_is_said_to_be_none()
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync([0, 1, 2, 3, 4, 5]);

        Assert.False(result.Files[0].WasRead);
        Assert.Contains("no capture", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_counted_beyond_those_that_are_kept()
    {
        var wire = new WireCall(CaptureBytes.Pcap());
        for (int i = 0; i < 1_000; i++)
            wire.Datagram(WireCall.Carrier, WireCall.Us, System.Text.Encoding.ASCII.GetBytes($"INVITE sip:{i}@b SIP/2.0\r\nnonsense\r\n\r\n"));
        var (_, _, problems) = Reading.Of(wire.Bytes);

        Assert.Equal((1_000L, 200), (problems.Count, problems.Listed.Count));
    }
}
