using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class TlsSetupTests : IDisposable
{
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_certificate_with_its_key_and_the_authorities_are_taken() =>
        IngressService.Check(Options("tls:127.0.0.1:5061", "sips:sip.example.com") with
        {
            Tls = new TlsOptions { Certificate = _authority.Make("own", "sip.example.org"), Authorities = _authority.AuthorityFile },
        });

    [Theory]
    [InlineData("Sip:Tls:Certificate", "tls:127.0.0.1:5061", "sip:192.0.2.1", null, null, null)]
    [InlineData("Sip:Tls:Certificate", "tls:127.0.0.1:5061", "sip:192.0.2.1", "missing", null, null)]
    [InlineData("Sip:Tls:Certificate", "tls:127.0.0.1:5061", "sip:192.0.2.1", "authority", null, null)]
    [InlineData("Sip:Tls:Authorities", "tls:127.0.0.1:5061", "sip:192.0.2.1", "own", null, "missing")]
    [InlineData("Sip:Tls:Key", "udp:127.0.0.1:5060", "sip:192.0.2.1", null, "own", null)]
    [InlineData("Trunks:x:To:0", "udp:127.0.0.1:5060", "sips:sip.example.com", null, null, null)]
    [InlineData("Trunks:x:To:0", "tcp:127.0.0.1:5060", "sip:192.0.2.1;transport=tls", null, null, null)]
    public void What_is_missing_for_TLS_is_said_by_its_key(string key, string listen, string to, string? certificate, string? keyFile, string? authorities)
    {
        _authority.Make("own", "sip.example.org");
        var e = Assert.Throws<TelephonyOptionsException>(() => IngressService.Check(Options(listen, to) with
        {
            Tls = new TlsOptions { Certificate = File(certificate), Key = File(keyFile), Authorities = File(authorities) },
        }));
        Assert.Equal(key, e.Key);
        Assert.StartsWith("expected ", e.Expected, StringComparison.Ordinal);
    }

    private static TelephonyOptions Options(string listen, string to) =>
        new() { Node = "edge-1", Listen = [listen], Trunks = [new TrunkOptions { Name = "x", To = [to] }] };

    private string? File(string? name) => name is null ? null : Path.Combine(Path.GetDirectoryName(_authority.AuthorityFile)!, name + ".pem");
}
