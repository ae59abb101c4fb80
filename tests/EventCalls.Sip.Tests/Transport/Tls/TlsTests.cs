using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Sip.Tests.Transport.Tls;

public sealed class TlsTests : IDisposable
{
    private const string Listen = "tls:127.0.0.1:0";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TestAuthority _authority = new(TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Fact]
    [Trait("RFC", "3261 §26.3.1")]
    [Trait("RFC", "5923 §5")]
    public async Task A_call_is_made_answered_and_ended_by_either_side_over_one_connection()
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, Identity("server", "sip.example.com"));
        var calling = new RecordingHandler();
        using var client = Start(calling, Identity("client"));
        for (int i = 0; i < 2; i++)
        {
            var (up, calledFrom) = (new TaskCompletionSource(), i);
            calling.Answered = (_, _) => up.TrySetResult();
            var leg = await client.DoAsync(() => Call(client, server, calling, "sip.example.com"));
            await up.Task.WaitAsync(s_patience);
            if (calledFrom == 0)
            {
                await client.DoAsync(() => Bye(leg));
                await server.UntilAsync(() => answering.Log.Contains("bye"));
            }
            else
            {
                // The callee's BYE goes to the caller's Contact, whose port is another than the connection's.
                await server.UntilAsync(() => answering.Log.Count(l => l == "ack") == 2);
                await server.DoAsync(() => Bye(answering.Incoming[1]));
                await client.UntilAsync(() => calling.Log.Contains("bye"));
            }
        }
        Assert.Empty(server.Log.Warnings);
        Assert.Empty(client.Log.Warnings);
    }

    [Theory]
    [InlineData("other.example.com", "its certificate bears sip.example.com, and none of other.example.com")]
    [InlineData(null, "its certificate bears sip.example.com, and none of 127.0.0.1")]
    [Trait("RFC", "5922 §7.4")]
    public async Task Who_bears_another_name_is_not_called(string? name, string why)
    {
        using var server = Start(new RecordingHandler(), Identity("server", "sip.example.com"));
        var calling = new RecordingHandler();
        using var client = Start(calling, Identity("client"));
        await client.DoAsync(() => Call(client, server, calling, name));
        await client.UntilAsync(() => calling.Log.Contains("no response TransportError"));
        Assert.Equal($"A connection over tls to 127.0.0.1 is refused: {why}", Assert.Single(client.Log.Warnings));
    }

    [Fact]
    [Trait("RFC", "3261 §26.3.1")]
    public async Task Who_is_signed_by_nobody_we_trust_is_not_called()
    {
        using var strange = new TestAuthority(TimeProvider.System);
        using var server = Start(new RecordingHandler(), IdentityOf(strange.Make("server", "sip.example.com")));
        var calling = new RecordingHandler();
        using var client = Start(calling, Identity("client"));
        await client.DoAsync(() => Call(client, server, calling, "sip.example.com"));
        await client.UntilAsync(() => calling.Log.Contains("no response TransportError"));
        Assert.StartsWith("A connection over tls to 127.0.0.1 is refused: its certificate is not trusted: ", Assert.Single(client.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("carrier.example.net", true)]
    [InlineData("client.example.net", false)]
    [InlineData(null, false)]
    public async Task A_peer_that_must_bear_a_name_is_let_in_with_it_alone(string? name, bool isLetIn)
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, IdentityOf(_authority.Make("server", "sip.example.com"), (_, host) => host is null ? ["carrier.example.net"] : null));
        var calling = new RecordingHandler();
        using var client = Start(calling, name is null ? new TlsIdentity(null, new TlsAuthorities(_authority.Authorities), (_, _) => null) : Identity("client", name));
        await client.DoAsync(() => Call(client, server, calling, "sip.example.com"));
        await client.UntilAsync(() => calling.Log.Contains("answered 200") || calling.Log.Contains("no response TransportError"));
        Assert.Equal(isLetIn, calling.Log.Contains("answered 200"));
        Assert.Equal(isLetIn, answering.Log.Contains("invite"));
        if (!isLetIn)
            Assert.Contains(name is null ? "it shows no certificate" : $"its certificate bears {name}, and none of carrier.example.net", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("carrier.example.net", false, "carrier.example.net")]
    [InlineData("CARRIER.example.net", false, "carrier.example.net")]
    [InlineData("client.example.net", false, "")]
    [InlineData("carrier.example.net", true, "")]
    [InlineData(null, false, "")]
    [Trait("RFC", "5922 §7.1")]
    public async Task Callers_are_told_apart_by_the_names_of_trusted_certificates(string? name, bool isStrange, string proven)
    {
        using var strange = new TestAuthority(TimeProvider.System);
        string said = "none";
        var answering = new RecordingHandler { Examining = (_, hop, _) => { said = string.Join(",", hop.ProvenNames); return Admission.Taken; } };
        using var server = Start(answering, new TlsIdentity(
            new TlsCertificate(new TlsCertificateFiles(_authority.Make("server", "sip.example.com")), TimeProvider.System, NullLogger.Instance), new TlsAuthorities(_authority.Authorities), (_, _) => null, ["carrier.example.net", "*.other.example.net"]));
        var own = name is null ? null : new TlsCertificate(new TlsCertificateFiles((isStrange ? strange : _authority).Make("client", name)), TimeProvider.System, NullLogger.Instance);
        using var client = Start(new RecordingHandler(), new TlsIdentity(own, new TlsAuthorities(_authority.Authorities), (_, _) => null));
        await client.DoAsync(() => Call(client, server, new RecordingHandler(), "sip.example.com"));
        await server.UntilAsync(() => answering.Log.Contains("invite"));
        Assert.Equal(proven, said);
    }

    [Fact]
    [Trait("RFC", "5630 §4")]
    public async Task A_call_to_a_sips_URI_has_sips_Contacts_on_both_sides()
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, Identity("server", "sip.example.com"));
        using var peer = await EncryptedPeer.ConnectAsync(server.Shard.Listening[0].EndPoint, "sip.example.com", _authority.Authorities);
        await peer.SendAsync("""
            INVITE sips:bob@127.0.0.1 SIP/2.0
            Via: SIP/2.0/TLS 127.0.0.1:5999;branch=z9hG4bKs1
            Max-Forwards: 70
            From: <sips:alice@127.0.0.1>;tag=1
            To: <sips:bob@127.0.0.1>
            Call-ID: sips@127.0.0.1
            CSeq: 1 INVITE
            Contact: <sips:alice@127.0.0.1:5999>
            """);
        string ok = await peer.ReceiveAsync("SIP/2.0 200");
        Assert.Equal($"<sips:127.0.0.1:{server.Shard.Listening[0].EndPoint.Port}>", TcpPeer.Header(ok, "Contact"));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart()
    {
        string file = _authority.Make("server", "sip.example.com");
        using var server = Start(new RecordingHandler(), IdentityOf(file));
        string first = await SerialAsync(server);
        _authority.Make("server", "sip.example.com");
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(2));
        using var patience = new CancellationTokenSource(s_patience);
        while (await SerialAsync(server) == first)
            await Task.Delay(100, patience.Token);
    }

    [Fact]
    public async Task A_damaged_renewal_leaves_the_certificate_before()
    {
        string file = _authority.Make("server", "sip.example.com");
        using var server = Start(new RecordingHandler(), IdentityOf(file, log: null));
        string first = await SerialAsync(server);
        await File.WriteAllTextAsync(file, "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(2));
        await Task.Delay(1_200);
        Assert.Equal(first, await SerialAsync(server));
    }

    [Fact]
    public async Task Authorities_that_change_are_trusted_without_a_restart()
    {
        using var next = new TestAuthority(TimeProvider.System);
        string file = Path.Combine(Path.GetDirectoryName(_authority.AuthorityFile)!, "trusted.pem");
        File.Copy(_authority.AuthorityFile, file);
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, IdentityOf(next.Make("server", "sip.example.com")));
        var calling = new RecordingHandler();
        using var client = Start(calling, new TlsIdentity(null, new TlsAuthorities(file, TimeProvider.System, NullLogger.Instance), (_, _) => null));
        await client.DoAsync(() => Call(client, server, calling, "sip.example.com"));
        await client.UntilAsync(() => calling.Log.Contains("no response TransportError"));
        Change(file, await File.ReadAllTextAsync(next.AuthorityFile));
        using var patience = new CancellationTokenSource(s_patience);
        while (!await client.DoAsync(() => calling.Log.Contains("answered 200")))
        {
            await client.DoAsync(() => Call(client, server, calling, "sip.example.com"));
            await Task.Delay(100, patience.Token);
        }
    }

    [Fact]
    public void A_damaged_file_of_authorities_leaves_those_before_and_is_said()
    {
        var network = new VirtualNetwork();
        var log = new Testing.Logging.RecordingLogger();
        var authorities = new TlsAuthorities(_authority.AuthorityFile, new VirtualTime(network), log);
        var before = authorities.Current;
        Change(_authority.AuthorityFile, "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
        network.Run(1_500);
        Assert.Same(before, authorities.Current);
        Assert.StartsWith("The authorities changed and cannot be used, those before are: ", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    private static void Change(string file, string text)
    {
        var written = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, written.AddSeconds(2));
    }

    [Fact]
    public async Task A_certificate_may_be_a_PKCS12_file()
    {
        string file = _authority.MakePkcs12("server", "secret", "sip.example.com");
        Assert.Null(TlsCertificate.Problem(new TlsCertificateFiles(file, Password: "secret")));
        Assert.Contains(file, TlsCertificate.Problem(new TlsCertificateFiles(file, Password: "wrong")), StringComparison.Ordinal);
        var certificate = new TlsCertificate(new TlsCertificateFiles(file, Password: "secret"), TimeProvider.System, NullLogger.Instance);
        using var server = Start(new RecordingHandler(), new TlsIdentity(certificate, new TlsAuthorities(_authority.Authorities), (_, _) => null));
        Assert.NotEmpty(await SerialAsync(server));
    }

    [Theory]
    [InlineData("missing.pem")]
    [InlineData("authority.pem")]
    public void A_file_without_certificate_or_key_is_named(string name)
    {
        string file = Path.Combine(Path.GetDirectoryName(_authority.AuthorityFile)!, name);
        Assert.StartsWith(file + ": ", TlsCertificate.Problem(new TlsCertificateFiles(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_handshake_closes_its_connection_and_is_said_once()
    {
        using var server = Start(new RecordingHandler(), Identity("server", "sip.example.com"));
        for (int i = 0; i < 3; i++)
        {
            using var peer = await TcpPeer.ConnectAsync(server.Shard.Listening[0].EndPoint);
            await peer.SendRawAsync("OPTIONS sip:x@127.0.0.1 SIP/2.0\r\n\r\n");
            Assert.Null(await peer.ReceiveAsync());
        }
        Assert.StartsWith("A connection over tls from 127.0.0.1 is refused: ", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_does_not_go_on_with_its_handshake_is_closed()
    {
        using var server = Start(new RecordingHandler(), Identity("server", "sip.example.com"), o => o with { HandshakeTimeoutMs = 300 });
        using var peer = await TcpPeer.ConnectAsync(server.Shard.Listening[0].EndPoint);
        Assert.Null(await peer.ReceiveAsync());
    }

    [Fact]
    public async Task What_begins_with_us_does_not_go_over_a_connection_whose_peer_showed_nothing()
    {
        using var server = Start(new RecordingHandler(), Identity("server", "sip.example.com"));
        using var peer = await EncryptedPeer.ConnectAsync(server.Shard.Listening[0].EndPoint, "sip.example.com", _authority.Authorities);
        await peer.SendRawAsync("\r\n\r\n");
        Assert.Equal("\r\n", await peer.ReadRawAsync(2));
        var hop = await server.DoAsync(() => server.Shard.HopTo(TransportProtocol.Tls, peer.Local)!);
        // A connection of its own, which nobody takes there.
        await server.UntilAsync(() => hop.IsClosed);
        await peer.SendRawAsync("\r\n\r\n");
        Assert.Equal("\r\n", await peer.ReadRawAsync(2));
    }

    [Fact]
    [Trait("RFC", "5626 §4.4.1")]
    public async Task A_double_CRLF_is_answered_by_one()
    {
        using var server = Start(new RecordingHandler(), Identity("server", "sip.example.com"));
        using var peer = await EncryptedPeer.ConnectAsync(server.Shard.Listening[0].EndPoint, "sip.example.com", _authority.Authorities);
        await peer.SendRawAsync("\r\n\r\n");
        Assert.Equal("\r\n", await peer.ReadRawAsync(2));
    }

    private static OutgoingLeg Call(ShardFixture client, ShardFixture server, RecordingHandler handler, string? name)
    {
        var to = server.Shard.Listening[0];
        return client.Shard.Agent.Invite(
            new OutgoingInvite
            {
                Hop = client.Shard.HopTo(TransportProtocol.Tls, to.EndPoint, name)!,
                RequestUri = $"sip:bob@{to.EndPoint};transport=tls",
                From = "<sip:alice@127.0.0.1>",
                To = "<sip:bob@127.0.0.1>",
                Content = SipPair.Offer,
            },
            handler);
    }

    private static bool Bye(Leg leg)
    {
        leg.Bye();
        return true;
    }

    private async Task<string> SerialAsync(ShardFixture server)
    {
        using var peer = await EncryptedPeer.ConnectAsync(server.Shard.Listening[0].EndPoint, "sip.example.com", _authority.Authorities);
        return peer.Serial;
    }

    private TlsIdentity Identity(string name, params string[] names) => IdentityOf(_authority.Make(name, names));

    private TlsIdentity IdentityOf(string file, Func<IPAddress, string?, IReadOnlyList<string>?>? namesOf = null, Microsoft.Extensions.Logging.ILogger? log = null) => new(
        new TlsCertificate(new TlsCertificateFiles(file), TimeProvider.System, log ?? NullLogger.Instance), new TlsAuthorities(_authority.Authorities), namesOf ?? ((_, _) => null));

    private static ShardFixture Start(RecordingHandler handler, TlsIdentity identity, Func<ShardOptions, ShardOptions>? change = null) =>
        new(handler, o => (change?.Invoke(o) ?? o) with { Tls = identity }, Listen);

    /// <summary>A peer that a test speaks for over TLS.</summary>
    private sealed class EncryptedPeer(TcpClient client, SslStream stream) : IDisposable
    {
        private readonly Sip.Parsing.StreamFramer _framer = new();
        private readonly byte[] _buffer = new byte[16_384];

        public IPEndPoint Local => new(IPAddress.Loopback, ((IPEndPoint)client.Client.LocalEndPoint!).Port);

        public string Serial => stream.RemoteCertificate!.GetSerialNumberString();

        public static async Task<EncryptedPeer> ConnectAsync(IPEndPoint to, string name, X509Certificate2Collection authorities)
        {
            var client = new TcpClient();
            await client.ConnectAsync(to);
            var stream = new SslStream(client.GetStream());
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name, CertificateChainPolicy = policy }).WaitAsync(s_patience);
            return new EncryptedPeer(client, stream);
        }

        public Task SendRawAsync(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(s_patience);

        public Task SendAsync(string text) => SendRawAsync(text.ReplaceLineEndings("\r\n").Trim() + "\r\nContent-Length: 0\r\n\r\n");

        public async Task<string> ReadRawAsync(int length)
        {
            await stream.ReadExactlyAsync(_buffer.AsMemory(0, length)).AsTask().WaitAsync(s_patience);
            return Encoding.UTF8.GetString(_buffer, 0, length);
        }

        public async Task<string> ReceiveAsync(string start)
        {
            while (true)
            {
                while (_framer.TryRead(out var message))
                {
                    string text = Encoding.UTF8.GetString(message.Span);
                    if (text.StartsWith(start, StringComparison.Ordinal))
                        return text;
                }
                int read = await stream.ReadAsync(_buffer).AsTask().WaitAsync(s_patience);
                if (read == 0)
                    throw new IOException($"The connection was closed before {start} came.");
                _framer.Append(_buffer.AsSpan(0, read));
            }
        }

        public void Dispose()
        {
            stream.Dispose();
            client.Dispose();
        }
    }
}
