using System.Net;
using System.Text;
using EventCalls.Media.Sessions;
using EventCalls.Media.Srtp;
using EventCalls.Testing.Logging;

namespace EventCalls.Media.Tests.Fuzzing;

/// <summary>Floods of datagrams in which something is wrong, into one call beside another.</summary>
public sealed class DatagramFuzzTests : IDisposable
{
    private const int Rounds = 100;
    private const int PerRound = 60;
    private readonly RecordingLogger _log = new();
    private readonly MediaRelay _relay;

    public DatagramFuzzTests()
    {
        _relay = new MediaRelay(0, new MediaPorts(34_600, 34_699), 60_000, TimeProvider.System, _log);
    }

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData("RTP/AVP", "", true)]
    [InlineData("RTP/AVP", "", false)]
    [InlineData("RTP/SAVP", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n", true)]
    [InlineData("UDP/TLS/RTP/SAVP", "a=setup:actpass\r\na=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF\r\n", true)]
    [InlineData("udptl", "", true)]
    public async Task Nothing_is_thrown_or_logged_and_a_call_beside_it_loses_nothing(string protocol, string keys, bool isPeer)
    {
        using var caller = new Peer();
        using var target = new Peer();
        using var good = new Peer();
        using var heard = new Peer();
        using var stranger = new Peer();
        var (one, two, port) = Connect(caller.Port, target.Port, protocol, keys);
        var (three, four, goodPort) = Connect(good.Port, heard.Port, "RTP/AVP", "");
        var datagrams = new Datagrams(protocol.Length);
        for (ushort round = 0; round < Rounds; round++)
        {
            var from = isPeer ? caller.Rtp : stranger.Rtp;
            for (int i = 0; i < PerRound; i++)
                await from.SendToAsync(datagrams.Next(), new IPEndPoint(IPAddress.Loopback, port + i % 2));
            await good.SendAsync(goodPort, round);
            Assert.Equal(Peer.Packet(round), await heard.ReceiveAsync());
        }
        await _relay.CaughtUpAsync();
        Assert.Equal("", string.Join('\n', _log.Lines));
        foreach (var leg in (MediaLeg[])[one, two, three, four])
            leg.Close();
    }

    [Theory]
    [InlineData("RTP/AVP", "")]
    [InlineData("RTP/SAVP", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n")]
    [Trait("RFC", "3711 §3.3")]
    public async Task What_is_no_media_of_the_peers_does_not_take_its_place(string protocol, string keys)
    {
        using var caller = new Peer();
        using var target = new Peer();
        using var stranger = new Peer();
        // Behind a translator: where it says that it is nobody is.
        var (one, two, port) = Connect(4000, target.Port, protocol, keys);
        byte[] noise = protocol == "RTP/AVP" ? "hello"u8.ToArray() : Peer.Packet(9);
        await stranger.Rtp.SendToAsync(noise, new IPEndPoint(IPAddress.Loopback, port));
        await stranger.Rtp.SendToAsync("hello"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port));
        await _relay.CaughtUpAsync();
        byte[] packet = protocol == "RTP/AVP" ? Peer.Packet(1) : Protected(Peer.Packet(1));
        await caller.Rtp.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal(Peer.Packet(1), await target.ReceiveAsync());
        one.Close();
        two.Close();
    }

    private static byte[] Protected(byte[] packet)
    {
        Assert.True(CryptoAttribute.TryParse("1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj", out var crypto, out _));
        using var context = new SrtpContext(crypto.Key);
        byte[] buffer = [.. packet, .. new byte[64]];
        return buffer[..context.Protect(buffer, packet.Length)];
    }

    private (MediaLeg Caller, MediaLeg Target, int Port) Connect(int caller, int target, string protocol, string keys)
    {
        var one = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        var two = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        one.Heard(Described(caller, protocol, keys));
        two.Told(Described(caller, protocol, keys));
        two.Heard(Described(target, protocol == "udptl" ? protocol : "RTP/AVP", ""));
        string told = Encoding.ASCII.GetString(one.Told(Described(target, protocol == "udptl" ? protocol : "RTP/AVP", "")));
        MediaLeg.Connect(one, two);
        int start = told.IndexOf("m=", StringComparison.Ordinal);
        return (one, two, int.Parse(told[start..].Split(' ')[1]));
    }

    private static byte[] Described(int port, string protocol, string keys) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm={(protocol == "udptl" ? "image" : "audio")} {port} {protocol} {(protocol == "udptl" ? "t38" : "8")}\r\n{keys}");
}
