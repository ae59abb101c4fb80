using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport.Tls;

[Trait("RFC", "5922 §7")]
public sealed class CertificateNamesTests : IDisposable
{
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("sip.example.com", true, "sip.example.com")]
    [InlineData("SIP.Example.COM", true, "sip.example.com")]
    [InlineData("example.com", true, "sip:example.com")]
    [InlineData("example.com", true, "sips:example.com")]
    [InlineData("other.example.com", false, "sip.example.com")]
    [InlineData("sip.example.com", false, "*.example.com")]
    [InlineData("*.example.com", true, "sip.example.com")]
    [InlineData("*.example.com", false, "a.sip.example.com")]
    [InlineData("*.example.com", true, "*.example.com")]
    [InlineData("*.example.com", false, "example.com")]
    [InlineData("192.0.2.7", true, "192.0.2.7")]
    [InlineData("192.0.2.7", false, "sip.example.com", "192.0.2.8")]
    [InlineData("subject.example.com", true)]
    [InlineData("subject.example.com", false, "sip.example.com")]
    public void A_name_is_borne_or_not(string asked, bool isBorne, params string[] names)
    {
        using var certificate = _authority.Sign("subject.example.com", names);
        Assert.Equal(isBorne, CertificateNames.Bears(certificate, [asked]));
    }

    [Fact]
    public void A_SIP_URI_counts_before_host_names()
    {
        using var certificate = _authority.Sign("x", "sip:example.com", "sip.example.com");
        Assert.True(CertificateNames.Bears(certificate, ["example.com"]));
        Assert.False(CertificateNames.Bears(certificate, ["sip.example.com"]));
    }

    [Fact]
    public void A_URI_with_a_user_speaks_for_no_domain()
    {
        using var certificate = _authority.Sign("x", "sip:alice@example.com");
        Assert.False(CertificateNames.Bears(certificate, ["example.com"]));
        Assert.Equal("no name", CertificateNames.Describe(certificate));
    }

    [Fact]
    [Trait("RFC", "5922 §7.1")]
    public void An_address_among_the_host_names_is_no_address_and_people_are_told_which_it_is()
    {
        using var certificate = CertificateWith(names => names.AddDnsName("192.0.2.1"));
        Assert.False(CertificateNames.Bears(certificate, ["192.0.2.1"]));
        Assert.Equal("192.0.2.1 as a host name (DNS) and not as an address (IP)", CertificateNames.Describe(certificate));
        using var right = CertificateWith(names => names.AddIpAddress(System.Net.IPAddress.Parse("192.0.2.1")));
        Assert.True(CertificateNames.Bears(right, ["192.0.2.1"]));
        Assert.Equal("192.0.2.1", CertificateNames.Describe(right));
    }

    private static X509Certificate2 CertificateWith(Action<SubjectAlternativeNameBuilder> add)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        add(names);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
