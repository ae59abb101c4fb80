using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Captures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Sip.Tests.Tracing;

/// <summary>What a collector of SIP messages receives.</summary>
public sealed class HepSenderTests : IAsyncLifetime
{
    private const string Options = "OPTIONS sip:b SIP/2.0\r\nCall-ID: one@a\r\nContent-Length: 0\r\n\r\n";
    private static readonly Guid s_call = Guid.Parse("0199c1f2-7a55-7c11-8d2e-3f6a9b0c1d02");

    private readonly UdpClient _collector = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Clock _time = new();
    private HepSender? _sender;

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", 2, TransportProtocol.Udp, 17)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.2", 2, TransportProtocol.Tls, 6)]
    [InlineData("2001:db8::1", "2001:db8::2", 10, TransportProtocol.Ws, 6)]
    public async Task A_message_goes_with_its_addresses_time_agent_and_call(string local, string remote, int family, TransportProtocol protocol, int number)
    {
        var sender = Sender("s3cret");
        var hop = new Hop(protocol, new IPEndPoint(IPAddress.Parse(local), 5060), new IPEndPoint(IPAddress.Parse(remote), 5070));
        var trace = sender.Trace();
        trace.Received(hop, Encoding.UTF8.GetBytes(Options));
        trace.Sent(hop, "SIP/2.0 200 OK\r\ni : one@a\r\n\r\n"u8);
        trace.Belongs("one@a"u8, s_call);
        trace.TurnEnded();

        var (came, went) = (await ReceiveAsync(), await ReceiveAsync());
        Assert.Equal(Options, came.Payload);
        Assert.Equal("SIP/2.0 200 OK\r\ni : one@a\r\n\r\n", went.Payload);
        foreach (var packet in new[] { came, went })
        {
            Assert.Equal([1, 2, 7, 8, 9, 10, 11, 12, 14, 15, 17], packet.Types.Except([3, 4, 5, 6]));
            Assert.Equal(family, packet.Family);
            Assert.Equal(number, packet.Protocol);
            Assert.Equal(_time.GetUtcNow(), packet.Time);
            Assert.Equal(1, packet.Kind);
            Assert.Equal(4_000_000_000, packet.Agent);
            Assert.Equal("s3cret", packet.Password);
            Assert.Equal(s_call.ToString(), packet.Correlation);
        }
        var (ours, theirs) = (new IPEndPoint(Plain(local), 5060), new IPEndPoint(IPAddress.Parse(remote), 5070));
        Assert.Equal((theirs, ours), (came.Source, came.Destination));
        Assert.Equal((ours, theirs), (went.Source, went.Destination));
    }

    [Fact]
    public async Task A_message_of_no_call_goes_by_its_Call_ID_and_one_of_a_call_that_is_over_by_the_call_for_32_seconds_more()
    {
        var trace = (HepTrace)Sender(null).Trace();
        trace.Belongs("one@a"u8, s_call);
        Assert.Equal(s_call.ToString(), await CorrelationAsync());
        trace.Over("one@a"u8);
        _time.Advance(TimeSpan.FromSeconds(31.9));
        Assert.Equal(s_call.ToString(), await CorrelationAsync());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        trace.TurnEnded();
        Assert.Equal(0, trace.Known);
        Assert.Equal("one@a", await CorrelationAsync());

        async Task<string> CorrelationAsync()
        {
            trace.Received(Udp(), Encoding.UTF8.GetBytes(Options));
            trace.TurnEnded();
            var packet = await ReceiveAsync();
            Assert.Null(packet.Password);
            return packet.Correlation;
        }
    }

    [Theory]
    [InlineData("Authorization: Digest username=\"u\",realm=\"r\",nonce=\"n0\",uri=\"sip:b\",response=\"abcdef\"", "Authorization: Digest username=\"u\",realm=\"r\",nonce=\"redacted\",uri=\"sip:b\",response=\"redacted\"")]
    [InlineData("proxy-authorization : Digest username=\"u\",\r\n response=\"abcdef\"", "proxy-authorization: Digest username=\"u\",response=\"redacted\"")]
    [InlineData("Authorization: Bearer abcdef", "Authorization: Bearer redacted")]
    [InlineData("x-trunk-token: abcdef", "x-trunk-token: redacted")]
    [InlineData("X-Trunk-Token:\r\n\tabcdef\r\n ghijkl", "X-Trunk-Token: redacted")]
    [InlineData("Subject: abcdef", "Subject: abcdef")]
    public async Task Credentials_and_tokens_are_redacted_as_in_stored_headers_wherever_they_stand(string header, string said)
    {
        var trace = Sender(null).Trace();
        foreach (string text in (string[])[$"OPTIONS sip:b SIP/2.0\r\n{header}\r\nCall-ID: one@a\r\n\r\nAuthorization: text", $"OPTIONS sip:b SIP/2.0\nCall-ID: one@a\n{header}\n\nAuthorization: text", $"no message\r\n{header}\r\nmore"])
        {
            trace.Received(Udp(), Encoding.UTF8.GetBytes(text));
            trace.TurnEnded();
            string payload = (await ReceiveAsync()).Payload;
            Assert.Equal(text.Replace(header, said, StringComparison.Ordinal).ReplaceLineEndings("\n"), payload.ReplaceLineEndings("\n"));
        }
    }

    [Fact]
    public async Task Keys_of_media_are_overwritten_and_the_body_keeps_its_length()
    {
        const string Keys = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20\r\na=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:c2VjcmV0Mg==\r\n";
        var trace = Sender(null).Trace();
        trace.Sent(Udp(), Encoding.UTF8.GetBytes($"INVITE sip:b SIP/2.0\r\nX-Trunk-Token: 1\r\nCall-ID: one@a\r\nContent-Length: {Keys.Length}\r\n\r\n{Keys}"));
        trace.TurnEnded();
        string payload = (await ReceiveAsync()).Payload;
        Assert.EndsWith("\r\n\r\n" + Keys.Replace("c2VjcmV0Mg==", "xxxxxxxxxxxx", StringComparison.Ordinal).Replace("c2VjcmV0", "xxxxxxxx", StringComparison.Ordinal), payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_is_dropped_and_counted_and_goes_again_when_there_is_room()
    {
        var sender = Sender(null, start: false, most: 2);
        var trace = sender.Trace();
        for (int i = 0; i < 5; i++)
            trace.Received(Udp(), Encoding.UTF8.GetBytes(Options));
        trace.TurnEnded();
        Assert.Equal((0, 3), (sender.Sent, sender.Dropped));
        sender.Start();
        await ReceiveAsync();
        await ReceiveAsync();
        // The place of the second is given back before it is sent, so that the next one has one.
        trace.Received(Udp(), new byte[65_500]);
        trace.Received(Udp(), Encoding.UTF8.GetBytes(Options));
        trace.TurnEnded();
        await ReceiveAsync();
        await sender.DisposeAsync();
        Assert.Equal((3, 4), (sender.Sent, sender.Dropped));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_sender is not null)
            await _sender.DisposeAsync();
        _collector.Dispose();
    }

    private static IPAddress Plain(string address) => IPAddress.Parse(address) is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : IPAddress.Parse(address);

    private static Hop Udp() => new(TransportProtocol.Udp, new IPEndPoint(IPAddress.Loopback, 5060), new IPEndPoint(IPAddress.Loopback, 5070));

    private HepSender Sender(string? password, bool start = true, int most = HepSender.MostWaiting)
    {
        _sender = new HepSender((IPEndPoint)_collector.Client.LocalEndPoint!, 4_000_000_000, password, ["X-Trunk-Token"u8.ToArray()], _time, NullLogger.Instance, most);
        if (start)
            _sender.Start();
        return _sender;
    }

    private async Task<HepChunks> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return new HepChunks((await _collector.ReceiveAsync(limit.Token)).Buffer);
    }

    /// <summary>A clock with microseconds.</summary>
    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public void Advance(TimeSpan by) => _now += by;
    }
}
