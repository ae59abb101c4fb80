using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Dtls;

/// <summary>Handshakes with the command of OpenSSL, over 127.0.0.1: the keying material it prints is what our keys are made of.</summary>
[Trait("RFC", "5764 §4.2, 5705 §4")]
public sealed class OpenSslTests : IDisposable
{
    private const string NoExtendedMasterSecret = "-ExtendedMasterSecret";
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("dtls-openssl-").FullName;
    private readonly DtlsWorkers _workers = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(TimeProvider.System);
    private EndPoint? _peer;

    public OpenSslTests() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public static TheoryData<string, string, string> Cases { get; } = new()
    {
        { "SRTP_AES128_CM_SHA1_80", "ecdsa", "" },
        { "SRTP_AES128_CM_SHA1_32", "ecdsa", "" },
        { "SRTP_AEAD_AES_128_GCM", "ecdsa", "" },
        { "SRTP_AEAD_AES_256_GCM", "rsa", "" },
        { "SRTP_AES128_CM_SHA1_80", "ecdsa", NoExtendedMasterSecret },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task As_server_our_keys_are_those_of_OpenSSLs_client(string profile, string kind, string options)
    {
        DtlsFingerprint theirs = Certificate(kind);
        using var end = new DtlsEnd(_identity, DtlsRole.Server, [theirs], _workers);
        Listen(end);
        end.Session.Start(s_longest);
        int port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        using var client = OpenSsl($"s_client -dtls1_2 -connect 127.0.0.1:{port} -use_srtp {profile} {Material(profile)} -cert cert.pem -key key.pem", options);
        await CompareAsync(end, client, profile, DtlsRole.Server, options);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task As_client_our_keys_are_those_of_OpenSSLs_server(string profile, string kind, string options)
    {
        DtlsFingerprint theirs = Certificate(kind);
        using var end = new DtlsEnd(_identity, DtlsRole.Client, [theirs], _workers);
        int port = FreePort();
        using var server = OpenSsl($"s_server -dtls1_2 -accept 127.0.0.1:{port} -use_srtp {profile} {Material(profile)} -cert cert.pem -key key.pem -Verify 1", options);
        _peer = new IPEndPoint(IPAddress.Loopback, port);
        Listen(end);
        end.Session.Start(s_longest);
        await CompareAsync(end, server, profile, DtlsRole.Client, options);
    }

    [Theory]
    [InlineData("-dtls1 -cipher DEFAULT:@SECLEVEL=0")]
    [InlineData("-dtls1_2 -cipher ECDHE-ECDSA-AES128-SHA")]
    public async Task A_peer_with_older_versions_or_ciphers_alone_is_refused(string options)
    {
        DtlsFingerprint theirs = Certificate("ecdsa");
        using var end = new DtlsEnd(_identity, DtlsRole.Server, [theirs], _workers);
        Listen(end);
        end.Session.Start(s_longest);
        int port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        using var client = OpenSsl($"s_client -connect 127.0.0.1:{port} -use_srtp SRTP_AES128_CM_SHA1_80 -cert cert.pem -key key.pem {options}");
        Assert.Equal(DtlsFault.Refused, (await end.Fault.WaitAsync(s_longest)).Fault);
        client.Kill();
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        using var end = new DtlsEnd(_identity, DtlsRole.Server, [Certificate("ecdsa")], _workers);
        Listen(end);
        end.Session.Start(s_longest);
        int port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        using var client = OpenSsl($"s_client -dtls1_2 -connect 127.0.0.1:{port} -use_srtp SRTP_AES128_CM_SHA1_80");
        Assert.Equal(DtlsFault.WrongFingerprint, (await end.Fault.WaitAsync(s_longest)).Fault);
        client.Kill();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _workers.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task CompareAsync(DtlsEnd end, Process openssl, string profile, DtlsRole role, string options)
    {
        Task first = await Task.WhenAny(end.Keys, end.Fault).WaitAsync(s_longest);
        Assert.False(end.Fault.IsCompleted, end.Fault.IsCompleted ? end.Fault.Result.ToString() : "");
        await first;
        DtlsKeys keys = await end.Keys;
        Assert.Equal(profile, "SRTP_" + keys.Ours.Suite.Name.Replace("AES_CM_128_HMAC", "AES128_CM", StringComparison.Ordinal));
        // What it printed is written out when it ends.
        await openssl.StandardInput.WriteLineAsync("Q");
        openssl.StandardInput.Close();
        string output = await openssl.StandardOutput.ReadToEndAsync().WaitAsync(s_longest);
        var (client, server) = role == DtlsRole.Client ? (keys.Ours, keys.Peers) : (keys.Peers, keys.Ours);
        Assert.Contains("Keying material: " + Convert.ToHexString([.. client.Key, .. server.Key, .. client.Salt, .. server.Salt]), output);
        // Its server prints less, and closes its port before it says that it ends.
        if (role == DtlsRole.Client)
            return;
        Assert.Contains($"Extended master secret: {(options.Length == 0 ? "yes" : "no")}", output);
        await end.Ended.WaitAsync(s_longest);
    }

    private static string Material(string profile)
    {
        SrtpSuite suite = SrtpSuite.Named(profile["SRTP_".Length..].Replace("AES128_CM", "AES_CM_128_HMAC", StringComparison.Ordinal))!;
        return $"-keymatexport EXTRACTOR-dtls_srtp -keymatexportlen {2 * (suite.KeyLength + suite.SaltLength)}";
    }

    private void Listen(DtlsEnd end)
    {
        end.Out = d =>
        {
            if (_peer is { } peer && !_stop.IsCancellationRequested)
                _socket.SendTo(d, peer);
        };
        _ = Task.Run(async () =>
        {
            byte[] buffer = new byte[2048];
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    SocketReceiveFromResult got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                    _peer = got.RemoteEndPoint;
                    end.Session.Receive(buffer.AsSpan(0, got.ReceivedBytes));
                }
                catch (SocketException)
                {
                    // The server of OpenSSL does not listen yet: DTLS sends again.
                }
            }
        });
    }

    private DtlsFingerprint Certificate(string kind)
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = kind == "rsa"
            ? new CertificateRequest("CN=peer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=peer", ecdsa, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), kind == "rsa" ? rsa.ExportPkcs8PrivateKeyPem() : ecdsa.ExportPkcs8PrivateKeyPem());
        return DtlsFingerprint.Of(certificate.RawData);
    }

    private Process OpenSsl(string arguments, string options = "")
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        if (options.Length > 0)
        {
            File.WriteAllText(Path.Combine(_folder, "openssl.cnf"), $"openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = peer\n[peer]\nOptions = {options}\n");
            start.Environment["OPENSSL_CONF"] = Path.Combine(_folder, "openssl.cnf");
        }
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
