using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Media.Tests.Rtpengine;

/// <summary>What is asked of engines, and what is made of what they answer, or do not.</summary>
public sealed class RtpengineSessionTests
{
    private static readonly byte[] s_description = Encoding.ASCII.GetBytes("v=0\r\no=a 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n");

    [Fact]
    public async Task A_question_that_is_lost_is_said_again_with_its_cookie_and_a_second_answer_is_ignored()
    {
        using var engine = new FakeEngine(static (number, _) => number == 1 ? [] : [FakeEngine.Ok("v=1\r\n"), FakeEngine.Ok("v=2\r\n")]);
        await using var engines = Of(engine.Address);
        var session = Open(engines);
        Assert.Equal("v=1\r\n", Text(await session.OfferAsync(true, s_description, default)));
        Assert.Equal(2, engine.Cookies.Count);
        Assert.Single(engine.Cookies.Distinct());
        Assert.Equal("v=1\r\n", Text(await session.AnswerAsync(false, s_description, default)));
        Assert.Equal(2, engine.Cookies.Distinct().Count());
    }

    [Fact]
    public async Task An_engine_that_is_silent_or_full_is_passed_over_and_a_call_stays_where_it_began()
    {
        using var silent = new FakeEngine(static (_, _) => []);
        using var full = new FakeEngine(static (_, _) => [NgValue.Of(new Dictionary<string, NgValue> { ["result"] = NgValue.Of("load_limit"), ["message"] = NgValue.Of("Parallel session limit reached") })]);
        using var good = new FakeEngine(static (_, _) => [FakeEngine.Ok()]);
        await using var engines = Of(silent.Address, full.Address, good.Address);
        for (int i = 0; i < 4; i++)
        {
            var session = Open(engines);
            Assert.NotNull((await session.OfferAsync(true, s_description, default)).Description);
            Assert.NotNull((await session.AnswerAsync(false, s_description, default)).Description);
        }
        Assert.Equal(8, good.Asked.Count);
        Assert.DoesNotContain(full.Asked, q => q["command"]!.Text == "answer");
        Assert.False(engines.States.Single(s => s.Engine.EndsWith($":{silent.Address.Port}", StringComparison.Ordinal)).IsUp);
        // It was tried by one call alone.
        Assert.Single(silent.Cookies.Distinct());
    }

    [Fact]
    public async Task Where_none_takes_it_each_is_named_with_what_it_said()
    {
        using var broken = new FakeEngine(static (_, _) => [FakeEngine.Error("Failed to parse SDP")]);
        var nobody = Unused();
        await using var engines = Of(broken.Address, nobody);
        string whyNot = (await Open(engines).OfferAsync(true, s_description, default)).WhyNot!;
        Assert.Contains($"udp://{broken.Address} says Failed to parse SDP", whyNot, StringComparison.Ordinal);
        Assert.Contains($"udp://{nobody} does not answer", whyNot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MediaProtection.None, "RTP/AVP")]
    [InlineData(MediaProtection.Sdes, "RTP/SAVP")]
    [InlineData(MediaProtection.Dtls, "UDP/TLS/RTP/SAVPF")]
    [Trait("RFC", "4568 §5, 5763 §5")]
    public async Task Who_described_nothing_yet_is_offered_what_is_asked_for(MediaProtection asked, string protocol)
    {
        var question = await OfferedAsync(asked, "");
        Assert.Equal((protocol, "remove", "IP4"), (question["transport-protocol"]!.Text, question["ICE"]!.Text, question["address family"]!.Text));
        Assert.Equal(["demux"], question["rtcp-mux"]!.List!.Select(v => v.Text));
        Assert.Equal(("1", "2"), (question["from-tag"]!.Text, question["to-tag"]!.Text));
    }

    [Fact]
    [Trait("RFC", "8839 §4, 5761 §5.1.1")]
    public async Task Who_described_its_session_is_offered_it_in_its_own_way()
    {
        var question = await OfferedAsync(MediaProtection.None, "v=0\r\nc=IN IP4 10.0.0.3\r\na=ice-ufrag:abcd\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\na=rtcp-mux\r\na=setup:actpass\r\na=fingerprint:sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32)) + "\r\n");
        Assert.Equal(("UDP/TLS/RTP/SAVPF", "force"), (question["transport-protocol"]!.Text, question["ICE"]!.Text));
        Assert.Equal(["offer", "accept"], question["rtcp-mux"]!.List!.Select(v => v.Text));
        Assert.Equal(["off"], question["SDES"]!.List!.Select(v => v.Text));
    }

    [Fact]
    [Trait("RFC", "3264 §5.1")]
    public async Task An_offer_of_what_may_be_transcoded_names_our_codecs_and_an_answer_names_none()
    {
        using var engine = new FakeEngine(static (_, _) => [FakeEngine.Ok()]);
        await using var engines = Of(engine.Address);
        var session = engines.Open("call", new RtpengineSide("1", MediaProtection.None, AddressFamily.InterNetwork), new RtpengineSide("2", MediaProtection.None, AddressFamily.InterNetwork), transcodes: true);
        await session.OfferAsync(true, s_description, default);
        await session.AnswerAsync(false, s_description, s_description);
        Assert.Equal(["PCMA", "PCMU", "opus"], engine.Asked[0]["codec"]!["transcode"]!.List!.Select(v => v.Text));
        Assert.Null(engine.Asked[1]["codec"]);
        await Open(engines).OfferAsync(true, s_description, default);
        Assert.Null(engine.Asked[2]["codec"]);
    }

    [Fact]
    public async Task A_copy_of_a_side_is_asked_for_without_protection_taken_where_it_is_to_go_and_ended()
    {
        using var engine = new FakeEngine(static (_, question) => [question["command"]!.Text == "unsubscribe" ? FakeEngine.Error("Not a subscriber") : FakeEngine.Ok("v=9\r\n")]);
        await using var engines = Of(engine.Address);
        var session = Open(engines);
        Assert.Null(session.Here);
        Assert.Equal("its session is over", (await session.OfferCopyAsync(true)).WhyNot);
        await session.OfferAsync(true, s_description, default);
        Assert.Equal(IPAddress.Loopback, session.Here);
        Assert.Equal("v=9\r\n", Text(await session.OfferCopyAsync(false)));
        Assert.Null(await session.TakeCopyAsync(false, s_description));
        await session.EndCopyAsync(false);
        await session.CloseAsync();
        // A deletion with a tag leaves its copies, and one without says nothing of what moved.
        Assert.Equal(["query ", "delete "], engine.Asked.Skip(4).Select(q => $"{q["command"]!.Text} {q["from-tag"]?.Text}"));
        var asked = engine.Asked.Skip(1).Take(3).ToArray();
        Assert.Equal(["subscribe request", "subscribe answer", "unsubscribe"], asked.Select(q => q["command"]!.Text));
        Assert.All(asked, q => Assert.Equal(("2", "2-copy"), (q["from-tag"]!.Text, q["to-tag"]!.Text)));
        Assert.Equal(("RTP/AVP", "remove", "off", "IP4"), (asked[0]["transport-protocol"]!.Text, asked[0]["ICE"]!.Text, asked[0]["DTLS"]!.Text, asked[0]["address family"]!.Text));
        Assert.Equal(s_description, asked[1]["sdp"]!.Bytes!.Value.ToArray());
    }

    [Fact]
    public async Task A_copy_that_is_refused_names_the_engine_and_what_it_said()
    {
        using var engine = new FakeEngine(static (number, _) => [number == 1 ? FakeEngine.Ok() : FakeEngine.Error("Failed to request subscription")]);
        await using var engines = Of(engine.Address);
        var session = Open(engines);
        await session.OfferAsync(true, s_description, default);
        Assert.Equal($"udp://{engine.Address} says Failed to request subscription", (await session.OfferCopyAsync(true)).WhyNot);
        Assert.Equal($"udp://{engine.Address} says Failed to request subscription", await session.TakeCopyAsync(true, s_description));
    }

    [Fact]
    public async Task The_figures_of_a_session_are_of_either_side_and_an_engine_that_lost_it_says_so()
    {
        const string figures = "d4:SSRCd3:111d11:average MOSd3:MOSi43e6:jitteri2ee15:cumulative lossi5eee4:tagsd"
            + "1:1d6:mediasld4:type5:audio5:codec9:PCMU/80007:streamsld4:SSRCi111e5:statsd7:packetsi190eeeeeee"
            + "1:2d6:mediasld4:type5:audio7:streamsld5:statsd7:packetsi200eeeeeeee6:result2:oke";
        using var engine = new FakeEngine(static (number, _) => [number == 1 ? FakeEngine.Ok() : number == 2 ? NgValue.Read(Encoding.ASCII.GetBytes(figures))! : FakeEngine.Error("Unknown call-id")]);
        await using var engines = Of(engine.Address);
        var session = Open(engines);
        Assert.Null(await session.QueryAsync());
        await session.OfferAsync(true, s_description, default);
        var known = (await session.QueryAsync())!;
        Assert.Equal(new MediaCounts(190, 5, 200, 0) { Codec = "PCMU", JitterMs = 2, Mos = 4.3 }, known.First);
        Assert.Equal(new MediaCounts(200, 0, 190, 0), known.Second);
        Assert.False((await session.CloseAsync())!.IsKnown);
        Assert.Null((await session.OfferAsync(true, s_description, default)).Description);
    }

    [Theory]
    [InlineData("udp://127.0.0.1:2223", "127.0.0.1:2223")]
    [InlineData("udp:127.0.0.1:2223", "127.0.0.1:2223")]
    [InlineData("udp://[::1]:2223", "[::1]:2223")]
    [InlineData("udp://::1:2223", null)]
    [InlineData("tcp://127.0.0.1:2223", null)]
    [InlineData("udp://engine.example.com:2223", null)]
    [InlineData("udp://127.0.0.1", null)]
    [InlineData("udp://127.0.0.1:0", null)]
    [InlineData("", null)]
    public void An_address_is_of_UDP_with_a_port(string text, string? address) =>
        Assert.Equal(address, RtpengineAddress.TryParse(text, out var read) ? read.ToString() : null);

    private static async Task<NgValue> OfferedAsync(MediaProtection asked, string heard)
    {
        using var engine = new FakeEngine(static (_, _) => [FakeEngine.Ok()]);
        await using var engines = Of(engine.Address);
        var session = engines.Open("call", new RtpengineSide("1", MediaProtection.None, AddressFamily.InterNetwork), new RtpengineSide("2", asked, AddressFamily.InterNetwork));
        await session.OfferAsync(true, s_description, Encoding.ASCII.GetBytes(heard));
        return Assert.Single(engine.Asked);
    }

    private static Rtpengines Of(params IPEndPoint[] addresses) => new(addresses, TimeProvider.System, NullLogger.Instance);

    private static RtpengineSession Open(Rtpengines engines) =>
        engines.Open("call", new RtpengineSide("1", MediaProtection.None, AddressFamily.InterNetwork), new RtpengineSide("2", MediaProtection.None, AddressFamily.InterNetwork));

    private static string? Text(RtpengineAnswer answer) => answer.Description is { } description ? Encoding.ASCII.GetString(description) : answer.WhyNot;

    private static IPEndPoint Unused()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.Client.LocalEndPoint!;
    }
}
