using System.Net.WebSockets;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Sip.Tests.Transport.WebSockets;

public sealed class WebSocketTests : IDisposable
{
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("ws")]
    [InlineData("wss")]
    [Trait("RFC", "7118 §4")]
    public async Task A_browser_calls_is_answered_and_hung_up_on_over_its_own_connection(string protocol)
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, protocol);
        using var browser = await ConnectAsync(server);
        await SendAsync(browser, Invite(protocol));
        string ok = await ReceiveAsync(browser, "SIP/2.0 200");
        Assert.Contains("transport=ws", TcpPeer.Header(ok, "Contact"), StringComparison.Ordinal);
        Assert.StartsWith($"SIP/2.0/{protocol.ToUpperInvariant()} df7jal23ls0d.invalid", TcpPeer.Header(ok, "Via"), StringComparison.Ordinal);
        await SendAsync(browser, Invite(protocol).Replace("INVITE", "ACK", StringComparison.Ordinal).Replace("To: <sip:bob@127.0.0.1>", $"To: {TcpPeer.Header(ok, "To")}", StringComparison.Ordinal));
        await server.UntilAsync(() => answering.Log.Contains("ack"));
        // Its Contact names no host: what goes to it goes over its connection (RFC 7118 §5).
        await server.DoAsync(() => { answering.Incoming[0].Bye(); return 0; });
        string bye = await ReceiveAsync(browser, "BYE ");
        Assert.StartsWith("BYE sip:alice@df7jal23ls0d.invalid;transport=ws SIP/2.0", bye, StringComparison.Ordinal);
        Assert.Empty(server.Log.Warnings);
    }

    [Theory]
    [InlineData("ws", null)]
    [InlineData("wss", "sip.example.com")]
    [Trait("RFC", "7118 §5")]
    public async Task A_call_is_made_over_a_WebSocket_of_ours(string protocol, string? name)
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, protocol);
        var calling = new RecordingHandler();
        var up = new TaskCompletionSource();
        calling.Answered = (_, _) => up.TrySetResult();
        using var client = Start(calling, protocol);
        var to = server.Shard.Listening[0];
        var leg = await client.DoAsync(() => client.Shard.Agent.Invite(
            new OutgoingInvite
            {
                Hop = client.Shard.HopTo(to.Protocol, to.EndPoint, name)!,
                RequestUri = $"sip:bob@{to.EndPoint};transport=ws",
                From = "<sip:alice@127.0.0.1>",
                To = "<sip:bob@127.0.0.1>",
                Content = SipPair.Offer,
            },
            calling));
        await up.Task.WaitAsync(TcpPeer.Patience);
        await server.UntilAsync(() => answering.Log.Contains("ack"));
        await client.DoAsync(() => { leg.Bye(); return 0; });
        await server.UntilAsync(() => answering.Log.Contains("bye"));
        Assert.Empty(client.Log.Warnings);
        Assert.Empty(server.Log.Warnings);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "426 Upgrade Required", "it asks for no WebSocket")]
    [InlineData("POST / HTTP/1.1\r\n\r\n", "400 Bad Request", "it asks for something else than a WebSocket")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n", "426 Upgrade Required", "it speaks another version of WebSocket")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n", "400 Bad Request", "its Sec-WebSocket-Key is none")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n\r\n", "400 Bad Request", "it does not ask for the subprotocol sip")]
    [Trait("RFC", "6455 §4.2.1")]
    public async Task What_is_no_handshake_for_SIP_is_told_why(string request, string status, string why)
    {
        using var server = Start(new RecordingHandler(), "ws");
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Shard.Listening[0].EndPoint);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await reader.ReadToEndAsync().WaitAsync(TcpPeer.Patience), StringComparison.Ordinal);
        await server.UntilAsync(() => server.Log.Warnings.Any(w => w.Contains(why, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://phone.example.com", true)]
    [InlineData("https://evil.example.com", false)]
    [InlineData(null, true)]
    [Trait("RFC", "6455 §10.2")]
    public async Task A_page_from_elsewhere_is_not_let_in(string? origin, bool isLetIn)
    {
        using var server = Start(new RecordingHandler(), "ws", "https://phone.example.com");
        var connecting = ConnectAsync(server, origin);
        if (isLetIn)
            (await connecting).Dispose();
        else
            await Assert.ThrowsAsync<WebSocketException>(() => connecting);
    }

    [Fact]
    public async Task A_client_that_sends_no_frames_is_closed_and_named()
    {
        using var server = Start(new RecordingHandler(), "ws");
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Shard.Listening[0].EndPoint);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\nOPTIONS sip:a@b SIP/2.0\r\n"));
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        string all = await reader.ReadToEndAsync().WaitAsync(TcpPeer.Patience);
        // RFC 6455 §1.3 has this key and its answer.
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", all, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n\u0088\u0002\u0003\u00ea", all, StringComparison.Ordinal);
        Assert.Contains(server.Log.Warnings, w => w.StartsWith("A connection over ws from 127.0.0.1 is refused: a WebSocket frame", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "7118 §5")]
    public async Task A_browser_whose_connection_is_gone_has_left_its_call(bool isAnswered)
    {
        var handler = new RecordingHandler { Invited = (leg, _) => { if (isAnswered) leg.Answer(SipPair.Offer); else leg.Ring(180); } };
        using var server = Start(handler, "ws");
        using var browser = await ConnectAsync(server);
        await SendAsync(browser, Invite("ws"));
        string said = await ReceiveAsync(browser, isAnswered ? "SIP/2.0 200" : "SIP/2.0 180");
        if (isAnswered)
        {
            await SendAsync(browser, Invite("ws").Replace("INVITE", "ACK", StringComparison.Ordinal).Replace("To: <sip:bob@127.0.0.1>", $"To: {TcpPeer.Header(said, "To")}", StringComparison.Ordinal));
            await server.UntilAsync(() => handler.Log.Contains("ack"));
        }
        browser.Abort();
        await server.UntilAsync(() => handler.Log.Contains("lost TransportError"));
        await server.UntilAsync(() => server.Shard.Agent.OpenLegs == 0);
        Assert.Empty(server.Log.Warnings);
    }

    private static string Invite(string protocol) => $"""
        INVITE sip:bob@127.0.0.1 SIP/2.0
        Via: SIP/2.0/{protocol.ToUpperInvariant()} df7jal23ls0d.invalid;branch=z9hG4bKw1
        Max-Forwards: 70
        From: <sip:alice@127.0.0.1>;tag=1
        To: <sip:bob@127.0.0.1>
        Call-ID: web@127.0.0.1
        CSeq: 1 INVITE
        Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
        """.ReplaceLineEndings("\r\n") + "\r\n\r\n";

    private async Task<ClientWebSocket> ConnectAsync(ShardFixture server, string? origin = null)
    {
        var point = server.Shard.Listening[0];
        var browser = new ClientWebSocket();
        browser.Options.AddSubProtocol("sip");
        if (origin is not null)
            browser.Options.SetRequestHeader("Origin", origin);
        browser.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var patience = new CancellationTokenSource(TcpPeer.Patience);
        await browser.ConnectAsync(new Uri($"{point.Protocol.Name()}://{point.EndPoint}/"), patience.Token);
        Assert.Equal("sip", browser.SubProtocol);
        return browser;
    }

    // Without a Content-Length: the frame says where a message ends (RFC 7118 §5).
    private static Task SendAsync(ClientWebSocket browser, string text) =>
        browser.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(ClientWebSocket browser, string beginning)
    {
        using var patience = new CancellationTokenSource(TcpPeer.Patience);
        var buffer = new byte[65_536];
        while (true)
        {
            var result = await browser.ReceiveAsync(buffer, patience.Token);
            Assert.Equal((WebSocketMessageType.Text, true), (result.MessageType, result.EndOfMessage));
            string text = Encoding.UTF8.GetString(buffer, 0, result.Count);
            if (text.StartsWith(beginning, StringComparison.Ordinal))
                return text;
        }
    }

    private ShardFixture Start(RecordingHandler handler, string protocol, params string[] origins)
    {
        var certificate = new TlsCertificate(new TlsCertificateFiles(_authority.Make("server", "sip.example.com")), TimeProvider.System, NullLogger.Instance);
        return new(handler, o => o with { WebSocketOrigins = origins, Tls = new TlsIdentity(certificate, new TlsAuthorities(_authority.Authorities), (_, _) => null) }, $"{protocol}:127.0.0.1:0");
    }
}
