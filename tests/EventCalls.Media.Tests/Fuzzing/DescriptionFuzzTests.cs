using System.Net;
using System.Text;
using EventCalls.Media.Sessions;
using EventCalls.Testing.Fuzzing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Media.Tests.Fuzzing;

/// <summary>Session descriptions in which something is wrong, on their way through a leg.</summary>
public sealed class DescriptionFuzzTests : IDisposable
{
    private const int Cases = 3000;

    private static readonly string[] s_descriptions =
    [
        "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n",
        "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 127.0.0.1\r\na=rtcp-mux\r\na=rtcp:4000 IN IP4 127.0.0.1\r\na=ice-ufrag:x\r\na=candidate:1 1 UDP 1 10.0.0.1 4000 typ host\r\na=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF\r\na=setup:actpass\r\na=rtpmap:111 opus/48000/2\r\nm=video 4002 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:96 VP8/90000\r\n",
        "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32\r\na=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSojd0RmdmcmVCspeEc3QGZi\r\nm=image 4004 udptl t38\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://127.0.0.1:2855/x;tcp\r\n",
    ];

    private readonly MediaPorts _ports = new(34_500, 34_599);
    private readonly MediaRelay _relay;

    public DescriptionFuzzTests()
    {
        _relay = new MediaRelay(0, _ports, 0, new FakeTimeProvider(), NullLogger.Instance);
    }

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_is_wrong_nothing_is_thrown_what_is_told_reads_the_same_again_and_all_ports_are_given_back(int seed)
    {
        var mutator = new Mutator(seed);
        for (int i = 0; i < Cases; i++)
        {
            byte[] heard = mutator.Mutate(Encoding.ASCII.GetBytes(s_descriptions[i % s_descriptions.Length]));
            byte[] other = mutator.Mutate(Encoding.ASCII.GetBytes(s_descriptions[mutator.Random.Next(s_descriptions.Length)]));
            var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            try
            {
                leg.Heard(heard);
                byte[] told = leg.Told(other);
                leg.Heard(other);
                _ = leg.Counts;
                _ = leg.WhyNot;
                leg.Play(Sound.Silence);
                leg.Told(heard);
                // A description is told again when two changes meet.
                var (before, after) = (DescribedStream.ReadAll(other), DescribedStream.ReadAll(told));
                Assert.Equal(before.Count, after.Count);
                Assert.All(after.Where(s => s is { IsRelayed: true, Port: > 0 }), s => Assert.InRange(s.Port, 34_500, 34_599));
                Assert.All(before.Zip(after), pair => Assert.Equal((pair.First.IsRelayed, pair.First.IsAudio, pair.First.Sends, pair.First.Receives), (pair.Second.IsRelayed, pair.Second.IsAudio, pair.Second.Sends, pair.Second.Receives)));
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i} of seed {seed}: {e}\n{Encoding.Latin1.GetString(heard)}\n\n{Encoding.Latin1.GetString(other)}");
            }
            leg.Close();
        }
        await _relay.CaughtUpAsync();
        Assert.Equal(0, _ports.Taken);
        Assert.Equal(0, _relay.Legs);
    }
}
