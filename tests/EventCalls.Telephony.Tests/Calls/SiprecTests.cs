using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Calls that are sent to a recorder outside: by SIP in virtual time, and their sound through real sockets.</summary>
public sealed partial class SiprecTests : RecordingTest
{
    private static readonly XNamespace s_metadata = "urn:ietf:params:xml:ns:recording:1";
    private readonly Phone _recorder;
    private readonly Phone _other;
    private readonly Socket[] _heard = [Bind(), Bind()];
    private readonly List<byte[]> _all = [];

    public SiprecTests()
    {
        _recorder = new Phone(Network, "10.0.0.7:5060", "recorder", new Records()) { OnCall = (_, leg) => leg.Answer(Answer()), OnAsked = (_, request) => request.Respond(200, content: Answer()) };
        _other = new Phone(Network, "10.0.0.8:5060", "other", new Records()) { OnCall = (_, leg) => leg.Answer(Answer()) };
        Options = Options with { Media = Options.Media with { Siprec = ["sip:srs@10.0.0.7:5060", "sip:srs@10.0.0.8:5060"] } };
    }

    [Fact]
    [Trait("RFC", "7866 §6.1")]
    [Trait("RFC", "7865 §6")]
    public async Task A_call_that_is_recorded_is_offered_in_two_streams_with_who_talks_in_each()
    {
        Bridge(Step(record: true));
        string invite = _recorder.Invite!;
        Assert.Contains("Require: siprec\r\n", invite, StringComparison.Ordinal);
        Assert.Matches(@"Contact: <sip:[^>]+>;\+sip\.src\r\n", invite);
        Assert.Matches(@"Content-Type: multipart/mixed;\s*boundary=", invite);
        Assert.Equal(2, invite.Split("m=audio ").Length - 1);
        Assert.Equal(2, invite.Split("a=sendonly").Length - 1);
        Assert.Contains("a=label:1\r\n", invite, StringComparison.Ordinal);
        Assert.Contains("a=label:2\r\n", invite, StringComparison.Ordinal);
        Assert.Contains("Content-Disposition: recording-session", invite, StringComparison.Ordinal);

        var metadata = MetadataIn(invite);
        Assert.Equal("complete", metadata.Element(s_metadata + "datamode")!.Value);
        Assert.Equal(["tel:+15551234567", "sip:+12222222@10.0.0.3:5060"], Talking(metadata));
        var streams = metadata.Elements(s_metadata + "stream").ToDictionary(e => e.Element(s_metadata + "label")!.Value, e => e.Attribute("stream_id")!.Value);
        Assert.Equal(["1", "2"], streams.Keys);
        var sends = metadata.Elements(s_metadata + "participantstreamassoc").Select(e => e.Element(s_metadata + "send")!.Value);
        Assert.Equal(streams.Values, sends);
        Assert.All(metadata.Descendants().Attributes().Where(a => a.Name.LocalName.EndsWith("_id", StringComparison.Ordinal)), a => Assert.Equal(16, Convert.FromBase64String(a.Value).Length));

        await EndAsync();
        var streamed = Single<RecordingStreamed>();
        Assert.Equal(("sip:srs@10.0.0.7:5060", metadata.Element(s_metadata + "session")!.Attribute("session_id")!.Value), (streamed.Recorder, streamed.SessionId));
        Assert.Equal(LegState.Ended, _recorder.Leg!.State);
        Assert.Empty(Files);
        Assert.Empty(Journal.Events.OfType<RecordingStored>());
    }

    [Fact]
    [Trait("RFC", "7866 §7.1")]
    public async Task The_recorder_gets_both_sides_packets_as_they_came_each_in_its_stream()
    {
        using Socket caller = Bind(), target = Bind();
        Target.OnCall = (_, leg) => leg.Answer(Description(target));
        CallIn("+15557654321", Description(caller));
        Decide(Step(record: true));
        Run(100);
        int callerPort = PortIn(Caller.Heard!), targetPort = PortIn(Target.Heard!);
        byte[] ofCaller = Packet(1, 0xd5), ofTarget = Packet(2, 0x55);
        await UntilHeardAsync(caller, callerPort, ofCaller, _heard[0]);
        await UntilHeardAsync(target, targetPort, ofTarget, _heard[1]);

        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Pause))!.Result);
        byte[] whilePaused = Packet(9, 0xaa);
        await UntilHeardAsync(caller, callerPort, whilePaused, target);
        Assert.StartsWith("action: the recording is with a recorder outside", Give(Recording(RecordingChange.Discard))!.Problem, StringComparison.Ordinal);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Resume))!.Result);
        await UntilHeardAsync(caller, callerPort, Packet(3, 0xd6), _heard[0]);
        Assert.DoesNotContain(_all, packet => packet.SequenceEqual(whilePaused));
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "7866 §6.4")]
    public async Task Who_takes_the_targets_place_is_told_of_and_recorded_on()
    {
        Bridge(Step(record: true));
        Give(Handoff(Step(record: null, endpoint: "second") with { PhoneNumber = "+13333333" }));
        Run(300);
        Assert.Equal(2, Journal.Events.OfType<TransferCompleted>().Count());
        var metadata = MetadataIn(Network.Log.Last(s => s.To.Equals(_recorder.Host.EndPoint) && s.CSeqMethod == "INVITE" && s.Kind == "INVITE").Text);
        Assert.Equal(["tel:+15551234567", "sip:+13333333@10.0.0.4:5060"], Talking(metadata));
        Assert.Single(metadata.Elements(s_metadata + "participantsessionassoc"), e => e.Element(s_metadata + "disassociate-time") is not null);
        await EndAsync();
        Assert.Single(Journal.Events.OfType<RecordingStreamed>());
    }

    [Fact]
    [Trait("RFC", "7866 §7.1")]
    public async Task A_side_that_changes_its_codec_is_offered_to_the_recorder_in_that()
    {
        Bridge(Step(record: true));
        int before = _recorder.Log.Count;
        Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        Run(300);
        Assert.Equal(before, _recorder.Log.Count);
        Caller.Leg!.ReInvite(new Content("application/sdp", Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Caller.Session().Body.Span).Replace("RTP/AVP 0 8", "RTP/AVP 8", StringComparison.Ordinal))), null, Caller);
        Run(300);
        string offer = Network.Log.Last(s => s.To.Equals(_recorder.Host.EndPoint) && s.Kind == "INVITE").Text;
        Assert.Contains(" RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=label:1\r\n", offer, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public async Task When_the_first_recorder_is_down_the_second_one_gets_the_call()
    {
        _recorder.OnCall = (_, leg) => leg.Reject(503);
        Bridge(Step(record: true));
        Assert.NotNull(_other.Invite);
        await EndAsync();
        Assert.Equal("sip:srs@10.0.0.8:5060", Single<RecordingStreamed>().Recorder);
        Assert.Empty(Journal.Events.OfType<RecordingFailed>());
    }

    [Fact]
    public async Task When_a_recorder_leaves_in_the_middle_the_next_one_goes_on()
    {
        Bridge(Step(record: true));
        _recorder.Leg!.Bye();
        Run(200);
        Assert.NotNull(_other.Invite);
        await EndAsync();
        Assert.Equal(["sip:srs@10.0.0.7:5060", "sip:srs@10.0.0.8:5060"], Journal.Events.OfType<RecordingStreamed>().Select(e => e.Recorder));
    }

    [Fact]
    public async Task When_no_recorder_takes_it_the_stream_says_so_and_the_call_goes_on()
    {
        _recorder.OnCall = _other.OnCall = (_, leg) => leg.Reject(486);
        Bridge(Step(record: true));
        Assert.Equal(
            "it could not be sent to a recorder (Media:Siprec): sip:srs@10.0.0.7:5060: 486 Busy Here; sip:srs@10.0.0.8:5060: 486 Busy Here",
            Single<RecordingFailed>().Why);
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    private static XElement MetadataIn(string message)
    {
        int start = message.IndexOf("<?xml", StringComparison.Ordinal);
        return XElement.Parse(message[start..(message.IndexOf("</recording>", StringComparison.Ordinal) + "</recording>".Length)]);
    }

    /// <summary>The addresses of who talks, the caller's stream first.</summary>
    private static string[] Talking(XElement metadata)
    {
        var left = metadata.Elements(s_metadata + "participantsessionassoc").Where(e => e.Element(s_metadata + "disassociate-time") is not null).Select(e => e.Attribute("participant_id")!.Value).ToHashSet();
        return [.. metadata.Elements(s_metadata + "participant").Where(e => !left.Contains(e.Attribute("participant_id")!.Value)).Select(e => e.Element(s_metadata + "nameID")!.Attribute("aor")!.Value)];
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int PortIn(string description) => int.Parse(MediaPort().Match(description).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Content Description(Socket socket) => new("application/sdp", Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {PortOf(socket)} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"));

    private static byte[] Packet(byte number, byte sound)
    {
        var packet = new byte[172];
        (packet[0], packet[1], packet[3], packet[11]) = (0x80, 8, number, 7);
        packet.AsSpan(12).Fill(sound);
        return packet;
    }

    private Content Answer() => new("application/sdp", Encoding.ASCII.GetBytes(
        "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + string.Concat(_heard.Select((socket, i) => $"m=audio {PortOf(socket)} RTP/AVP 8\r\na=label:{i + 1}\r\na=recvonly\r\n"))));

    /// <summary>Sends a packet until it has come through as it is: what was asked of the relay a moment ago may not be done yet.</summary>
    private async Task UntilHeardAsync(Socket from, int port, byte[] packet, Socket by)
    {
        var buffer = new byte[2048];
        for (int i = 0; i < 500; i++)
        {
            await from.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, port));
            await Task.Delay(10);
            while (by.Poll(0, SelectMode.SelectRead))
            {
                int length = by.Receive(buffer);
                if (_heard.Contains(by))
                    _all.Add(buffer[..length]);
                if (buffer.AsSpan(0, length).SequenceEqual(packet))
                    return;
            }
        }
        Assert.Fail("It did not come through.");
    }

    /// <summary>What a recorder understands (RFC 7866 §12.1).</summary>
    private sealed class Records : SipExtension
    {
        public override IReadOnlyList<string> OptionTags => ["siprec"];

        public override IReadOnlyList<string> ContentTypes => ["multipart/mixed", "application/rs-metadata+xml"];
    }

    [GeneratedRegex("m=audio (\\d+) ")]
    private static partial Regex MediaPort();
}
