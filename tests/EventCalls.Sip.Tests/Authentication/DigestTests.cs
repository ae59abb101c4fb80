using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Authentication;

public sealed class DigestTests
{
    private const string RfcNonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string RfcOpaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
    private const string RfcCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    private static readonly Credentials Mufasa = new("Mufasa", "Circle of Life");

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [Trait("RFC", "7616 §3.9.1")]
    public void The_examples_of_RFC_7616_are_answered_as_printed(string algorithm, string expected)
    {
        var response = Challenged(401, $"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{RfcNonce}\", opaque=\"{RfcOpaque}\"");

        Assert.True(Digest.TryAnswer(response, "GET", "/dir/index.html", Mufasa, 1, RfcCnonce, default, out var header, out var value));

        Assert.Equal(HeaderId.Authorization, header);
        Assert.Contains($"response=\"{expected}\"", value);
        Assert.Contains($"opaque=\"{RfcOpaque}\"", value);
        Assert.Contains("qop=auth, nc=00000001, ", value);
        Assert.Contains($"algorithm={algorithm}", value);
    }

    [Fact]
    [Trait("RFC", "2069 §2.4")]
    public void A_challenge_without_qop_is_answered_the_old_way()
    {
        // The printed example of RFC 2617 §3.5 with its qop left out.
        var response = Challenged(407, "Digest realm=\"testrealm@host.com\",\r\n nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"");

        Assert.True(Digest.TryAnswer(response, "GET", "/dir/index.html", new Credentials("Mufasa", "Circle Of Life"), 1, "x", default, out var header, out var value));

        Assert.Equal(HeaderId.ProxyAuthorization, header);
        Assert.Contains("response=\"670fd8c2df070c60b045671b8b24ff02\"", value);
        Assert.DoesNotContain("qop", value, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "2617 §3.5")]
    public void The_example_of_RFC_2617_is_answered_as_printed()
    {
        var response = Challenged(401, "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");

        Assert.True(Digest.TryAnswer(response, "GET", "/dir/index.html", new Credentials("Mufasa", "Circle Of Life"), 1, "0a4f113b", default, out _, out var value));

        Assert.Contains("response=\"6629fae49393a05397450978507c4ef1\"", value);
    }

    [Fact]
    [Trait("RFC", "8760 §2.4")]
    public void The_strongest_supported_challenge_is_answered()
    {
        var response = Challenged(
            401,
            "Digest realm=\"r\", nonce=\"weak\", qop=\"auth\", algorithm=MD5",
            "Digest realm=\"r\", nonce=\"unknown\", qop=\"auth\", algorithm=SHA-512-256",
            "Digest realm=\"r\", nonce=\"strong\", qop=\"auth\", algorithm=SHA-256",
            "Basic realm=\"r\"");

        Assert.True(Digest.TryAnswer(response, "REFER", "sip:a@b", Mufasa, 1, "c", default, out _, out var value));

        Assert.Contains("nonce=\"strong\"", value);
    }

    [Fact]
    public void Session_algorithms_bind_the_secret_to_the_nonce()
    {
        var plain = Answer("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5");
        var session = Answer("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess");

        Assert.Contains("algorithm=MD5-sess", session);
        Assert.NotEqual(Proof(plain), Proof(session));
        // H(H(H(Mufasa:r:Circle of Life):n:c):n:00000001:c:auth:H(INVITE:sip:a@b)), computed apart from this code.
        Assert.Equal("ebc6e3bbbc37f80ed68376537a27f313", Proof(session));
    }

    // H(H(Mufasa:r:Circle of Life):n:00000001:c:auth-int:H(INVITE:sip:a@b:H(body))), computed apart from this code.
    [Theory]
    [InlineData("MD5", "v=0\r\n", "8ffb8e3235b27c2ae2c4afa60ad64425")]
    [InlineData("MD5", "", "dd67e53ff005c92ca42c9e17e167412e")]
    [InlineData("SHA-256", "v=0\r\n", "919f5dc3ea9fd71e07403eaf2e1653a26b3926c13d3b99fbd587c168cc39936e")]
    [Trait("RFC", "7616 §3.4.3")]
    public void Where_auth_int_alone_is_offered_the_body_is_hashed_too(string algorithm, string body, string proof)
    {
        var response = Challenged(401, $"Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\", algorithm={algorithm}");
        Assert.True(Digest.TryAnswer(response, "INVITE", "sip:a@b", Mufasa, 1, "c", Encoding.ASCII.GetBytes(body), out _, out var value));
        Assert.Contains(", qop=auth-int, nc=00000001,", value);
        Assert.Equal(proof, Proof(value));
    }

    [Fact]
    [Trait("RFC", "7616 §3.4.3")]
    public void Where_both_are_offered_auth_is_taken()
    {
        Assert.Contains(", qop=auth, ", Answer("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int,auth\""));
    }

    [Theory]
    [InlineData(401, "Digest realm=\"other\", nonce=\"n\"")]
    [InlineData(401, "Digest realm=\"home\", nonce=\"n\", algorithm=SHA-512-256")]
    [InlineData(401, "Digest realm=\"home\", nonce=\"n\", qop=\"auth-conf\"")]
    [InlineData(401, "Digest nonce=\"n\"")]
    [InlineData(401, "Digest realm=\"home")]
    [InlineData(401, "Digest")]
    [InlineData(401, "NoOneKnowsThisScheme opaque=\"x\"")]
    [InlineData(403, "Digest realm=\"home\", nonce=\"n\"")]
    public void What_cannot_be_answered_is_not(int status, string challenge)
    {
        var credentials = new Credentials("u", "p", Realm: "home");

        Assert.False(Digest.TryAnswer(Challenged(status, challenge), "INVITE", "sip:a@b", credentials, 1, "c", default, out _, out var value));
        Assert.Equal("", value);
    }

    [Fact]
    public void A_user_name_with_a_line_end_is_refused()
    {
        var credentials = new Credentials("u\r\nX-Evil: 1", "p");

        Assert.False(Digest.TryAnswer(Challenged(401, "Digest realm=\"r\", nonce=\"n\""), "INVITE", "sip:a@b", credentials, 1, "c", default, out _, out _));
    }

    [Fact]
    public void A_quote_in_the_user_name_is_escaped()
    {
        var credentials = new Credentials("a\"b\\c", "p");

        Assert.True(Digest.TryAnswer(Challenged(401, "Digest realm=\"r\", nonce=\"n\""), "INVITE", "sip:a@b", credentials, 1, "c", default, out _, out var value));
        Assert.Contains("username=\"a\\\"b\\\\c\"", value);
    }

    [Fact]
    public void Credentials_do_not_show_their_password() => Assert.DoesNotContain("secret", new Credentials("u", "secret", "r").ToString(), StringComparison.Ordinal);

    private static string Answer(string challenge)
    {
        Assert.True(Digest.TryAnswer(Challenged(401, challenge), "INVITE", "sip:a@b", Mufasa, 1, "c", default, out _, out var value));
        return value;
    }

    private static string Proof(string value) => value.Split("response=\"")[1].Split('"')[0];

    private static SipMessage Challenged(int status, params string[] challenges)
    {
        var name = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
        var text = new StringBuilder($"SIP/2.0 {status} No\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n");
        foreach (var challenge in challenges)
            text.Append($"{name}: {challenge}\r\n");
        text.Append("\r\n");
        var message = new SipMessage();
        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes(text.ToString()), message));
        return message;
    }
}
