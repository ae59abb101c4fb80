using System.Buffers.Binary;
using System.Net;
using System.Text;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Media.Tests;

/// <summary>Two legs that do not take the same, through real sockets: their audio is transcoded, their digits are renumbered, put in and left out.</summary>
public sealed class ConvertedMediaTests : IDisposable
{
    private const int Frames = 60;
    private readonly FakeTimeProvider _time = new();
    private readonly MediaRelay _relay;
    private readonly Peer _caller = new();
    private readonly Peer _target = new();
    private readonly MediaLeg _callerLeg;
    private readonly MediaLeg _targetLeg;
    private string _callerTold = "";
    private string _targetTold = "";

    public ConvertedMediaTests()
    {
        _relay = new MediaRelay(0, new MediaPorts(34_300, 34_399), 0, _time, NullLogger.Instance);
        (_callerLeg, _targetLeg) = (_relay.Open(IPAddress.Loopback, IPAddress.Loopback), _relay.Open(IPAddress.Loopback, IPAddress.Loopback));
    }

    public void Dispose()
    {
        _callerLeg.Close();
        _targetLeg.Close();
        _caller.Dispose();
        _target.Dispose();
        _relay.Dispose();
    }

    [Fact]
    [Trait("RFC", "7587 §4.1, 3550 §5.1")]
    public async Task An_Opus_caller_and_a_PCMU_target_hear_each_others_tones()
    {
        Connect("96 101", "a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/48000\r\n", "0 102", "a=rtpmap:102 telephone-event/8000\r\n", transcodes: true);
        Assert.Contains("RTP/AVP 96 101 8 0 97\r\n", _targetTold, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\n", _targetTold, StringComparison.Ordinal);
        Assert.Contains("RTP/AVP 96 101\r\n", _callerTold, StringComparison.Ordinal);
        Assert.DoesNotContain("PCMU", _callerTold, StringComparison.Ordinal);
        await HearAsync(_caller, _callerTold, AudioCodec.Opus, 96, _target, AudioCodec.Pcmu, 0, 440);
        await HearAsync(_target, _targetTold, AudioCodec.Pcmu, 0, _caller, AudioCodec.Opus, 96, 1000);
    }

    [Fact]
    [Trait("RFC", "4733 §2.1")]
    public async Task Digits_among_transcoded_audio_count_by_the_clock_of_the_codec_they_are_heard_in()
    {
        Connect("96 101", "a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/48000\r\n", "0 102", "a=rtpmap:102 telephone-event/8000\r\n", transcodes: true);
        var encoder = AudioCodec.Opus.NewEncoder();
        var payload = new byte[AudioFrame.MostPayload];
        int length = encoder.Encode(new short[AudioFrame.Samples], payload);
        await SendAsync(_caller, _callerTold, Rtp(96, 1, 0, payload[..length]));
        var writer = new TelephoneEventWriter(5, 100, 48_000, 101, 0x77, 960);
        var packet = new byte[TelephoneEventWriter.PacketLength];
        for (ushort i = 2; writer.Next(packet, i) > 0; i++)
            await SendAsync(_caller, _callerTold, [.. packet]);
        await SendAsync(_caller, _callerTold, Rtp(96, 9, 960 * 6, payload[..length]));
        var heard = await ReceiveAsync(_target, 9);
        Assert.Equal([0, 102, 102, 102, 102, 102, 102, 102, 0], heard.Select(Type));
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], heard[1..8].Select(p => (int)BinaryPrimitives.ReadUInt16BigEndian(p.AsSpan(14))));
        Assert.Single(heard[1..8].Select(Timestamp).Distinct());
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (ushort)(Sequence(heard[0]) + i)), heard.Select(Sequence));
        Assert.Equal([160u, 6 * 160u], new[] { Timestamp(heard[1]) - Timestamp(heard[0]), Timestamp(heard[8]) - Timestamp(heard[0]) });
        Assert.Single(heard.Select(Ssrc).Distinct());
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1")]
    public async Task A_digit_that_is_said_to_a_peer_lies_between_the_packets_of_the_other_side_and_none_seems_lost()
    {
        Connect("0", "", "0 101", "a=rtpmap:101 telephone-event/8000\r\n", transcodes: false);
        for (ushort i = 0; i < 3; i++)
            await SendAsync(_caller, _callerTold, Rtp(0, i, 160u * i, new byte[160]));
        var before = await ReceiveAsync(_target, 3);
        _targetLeg.Press('7', 100);
        await PassAsync(20);
        var said = await ReceiveAsync(_target, 1);
        // What is said meanwhile gives way.
        for (ushort i = 3; i < 6; i++)
            await SendAsync(_caller, _callerTold, Rtp(0, i, 160u * i, new byte[160]));
        for (int i = 0; i < 6; i++)
        {
            await PassAsync(20);
            said.AddRange(await ReceiveAsync(_target, 1));
        }
        await SendAsync(_caller, _callerTold, Rtp(0, 6, 960, new byte[160]));
        var after = await ReceiveAsync(_target, 1);
        Assert.All(said, packet => Assert.Equal((101, 7), (Type(packet), packet[12])));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1], said.Select(p => p[13] >> 7));
        byte[][] all = [.. before, .. said, .. after];
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (ushort)i), all.Select(Sequence));
        Assert.Single(all.Select(Ssrc).Distinct());
        Assert.InRange(Timestamp(said[0]), 321u, 100_000u);
    }

    [Fact]
    [Trait("RFC", "3550 §5.1")]
    public async Task What_is_played_lies_between_the_packets_of_the_other_side_and_who_comes_next_goes_on_in_the_same_stream()
    {
        Connect("0", "", "0", "", transcodes: false);
        for (ushort i = 0; i < 3; i++)
            await SendAsync(_caller, _callerTold, Rtp(0, i, 160u * i, new byte[160]));
        var heard = await ReceiveAsync(_target, 3);
        _targetLeg.Announce(Sound.Silence);
        for (ushort i = 3; i < 6; i++)
        {
            await PassAsync(20);
            heard.AddRange(await ReceiveAsync(_target, 1));
            await SendAsync(_caller, _callerTold, Rtp(0, i, 160u * i, new byte[160]));
        }
        await PassAsync(0);
        _targetLeg.EndAnnouncement();
        await PassAsync(0);
        await SendAsync(_caller, _callerTold, Rtp(0, 6, 960, new byte[160]));
        // What is left of the silence that was played comes before.
        do
            heard.AddRange(await ReceiveAsync(_target, 1));
        while (heard[^1][12] != 0);
        byte[] another = Rtp(0, 40_000, 7, new byte[160]);
        another[11] = 0x99;
        await SendAsync(_caller, _callerTold, another);
        heard.AddRange(await ReceiveAsync(_target, 1));
        Assert.InRange(heard.Count, 8, 20);
        Assert.Equal(Enumerable.Range(0, heard.Count).Select(i => (ushort)i), heard.Select(Sequence));
        Assert.Equal(heard.Select(Timestamp).Order(), heard.Select(Timestamp));
        Assert.Equal([0x77u], heard.Select(Ssrc).Distinct());
    }

    [Fact]
    public async Task Digits_that_a_peer_does_not_take_are_left_out_and_none_seems_lost()
    {
        Connect("0 101", "a=rtpmap:101 telephone-event/8000\r\n", "0", "", transcodes: false);
        await SendAsync(_caller, _callerTold, Rtp(0, 1, 160, new byte[160]));
        await SendAsync(_caller, _callerTold, Rtp(101, 2, 320, [5, 0x8A, 0, 160]));
        await SendAsync(_caller, _callerTold, Rtp(0, 3, 480, new byte[160]));
        Assert.Equal([1, 2], (await ReceiveAsync(_target, 2)).Select(p => (int)Sequence(p)));
    }

    [Fact]
    [Trait("RFC", "3264 §5.1")]
    public async Task A_format_that_the_peer_has_by_another_number_gets_that()
    {
        Connect("0 101", "a=rtpmap:101 telephone-event/8000\r\n", "0 96", "a=rtpmap:96 telephone-event/8000\r\n", transcodes: false);
        // By its own number, not by the one it was told.
        await SendAsync(_caller, _callerTold, Rtp(101, 2, 320, [5, 0x8A, 0, 160]));
        Assert.Equal(96, Type((await ReceiveAsync(_target, 1))[0]));
    }

    [Fact]
    [Trait("RFC", "3550 §6.4.1")]
    public async Task What_is_made_here_is_reported_with_what_was_sent_and_nobody_elses_report_is_passed_on_for_it()
    {
        Connect("96", "a=rtpmap:96 opus/48000/2\r\n", "0", "", transcodes: true);
        var encoder = AudioCodec.Opus.NewEncoder();
        var payload = new byte[AudioFrame.MostPayload];
        int length = encoder.Encode(new short[AudioFrame.Samples], payload);
        for (ushort i = 0; i < 5; i++)
            await SendAsync(_caller, _callerTold, Rtp(96, i, 960u * i, payload[..length]));
        var heard = await ReceiveAsync(_target, 5);
        byte[] theirs = [0x80, 200, 0, 6, 0, 0, 0, 0x77, .. new byte[20]];
        await _caller.Control.SendToAsync(theirs, new IPEndPoint(IPAddress.Loopback, PortIn(_callerTold) + 1));
        await PassAsync(600);
        byte[] report = await Peer.ReceiveAsync(_target.Control);
        Assert.Equal((200, Ssrc(heard[0]), 5u, 5 * 160u), (report[1], BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(4)), BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(20)), BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(24))));
        Assert.Equal((202, 0), (report[4 * (BinaryPrimitives.ReadUInt16BigEndian(report.AsSpan(2)) + 1) + 1], report.Length % 4));
    }

    // The second time everything that had come before the first is done.
    private async Task PassAsync(int milliseconds)
    {
        await _relay.CaughtUpAsync();
        await _relay.CaughtUpAsync();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await _relay.CaughtUpAsync();
    }

    private void Connect(string callerFormats, string callerMaps, string targetFormats, string targetMaps, bool transcodes)
    {
        _callerLeg.Transcodes = _targetLeg.Transcodes = transcodes;
        byte[] offer = Describe(_caller, callerFormats, callerMaps), answer = Describe(_target, targetFormats, targetMaps);
        _callerLeg.Heard(offer);
        _targetTold = Encoding.ASCII.GetString(_targetLeg.Told(offer));
        _targetLeg.Heard(answer);
        _callerTold = Encoding.ASCII.GetString(_callerLeg.Told(answer));
        MediaLeg.Connect(_callerLeg, _targetLeg);
    }

    private static byte[] Describe(Peer peer, string formats, string maps) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {peer.Port} RTP/AVP {formats}\r\na=rtcp:{((IPEndPoint)peer.Control.LocalEndPoint!).Port}\r\n{maps}a=ptime:20\r\n");

    private static async Task HearAsync(Peer from, string told, AudioCodec codec, int type, Peer to, AudioCodec heardIn, int heardAs, int hertz)
    {
        var encoder = codec.NewEncoder();
        var decoder = heardIn.NewDecoder();
        short[] sine = Tone.Sine(hertz, Frames * AudioFrame.Samples);
        var payload = new byte[AudioFrame.MostPayload];
        var samples = new short[Frames * AudioFrame.Samples + AudioFrame.MostSamplesOfAPacket];
        var packets = new List<byte[]>();
        for (ushort i = 0; i < Frames; i++)
        {
            int length = encoder.Encode(sine.AsSpan(i * AudioFrame.Samples, AudioFrame.Samples), payload);
            await SendAsync(from, told, Rtp(type, i, (uint)(i * codec.FrameTicks), payload[..length]));
            packets.AddRange(await ReceiveAsync(to, 1));
            decoder.Decode(packets[^1].AsSpan(12), samples.AsSpan(i * AudioFrame.Samples));
        }
        Assert.All(packets, p => Assert.Equal(heardAs, Type(p)));
        Assert.Single(packets.Select(Ssrc).Distinct());
        Assert.Equal(Enumerable.Range(0, Frames).Select(i => (ushort)(Sequence(packets[0]) + i)), packets.Select(Sequence));
        Assert.Equal(Enumerable.Range(0, Frames).Select(i => Timestamp(packets[0]) + (uint)(i * heardIn.FrameTicks)), packets.Select(Timestamp));
        Assert.InRange(Tone.Amplitude(samples.AsSpan(Frames / 2 * AudioFrame.Samples, Frames / 3 * AudioFrame.Samples), hertz), 6500, 9500);
    }

    private static byte[] Rtp(int type, ushort sequence, uint timestamp, byte[] payload)
    {
        var packet = new byte[12 + payload.Length];
        RtpPacket.WriteHeader(packet, type, false, sequence, timestamp, 0x77);
        payload.CopyTo(packet, 12);
        return packet;
    }

    private static async Task SendAsync(Peer from, string told, byte[] packet) => await from.Rtp.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, PortIn(told)));

    private static async Task<List<byte[]>> ReceiveAsync(Peer at, int count)
    {
        var packets = new List<byte[]>();
        while (packets.Count < count)
            packets.Add(await at.ReceiveAsync());
        return packets;
    }

    private static int PortIn(string description)
    {
        int start = description.IndexOf("m=audio ", StringComparison.Ordinal) + 8;
        return int.Parse(description.AsSpan(start, description.IndexOf(' ', start) - start));
    }

    private static int Type(byte[] packet) => packet[1] & 0x7f;

    private static ushort Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint Timestamp(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static uint Ssrc(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
}
