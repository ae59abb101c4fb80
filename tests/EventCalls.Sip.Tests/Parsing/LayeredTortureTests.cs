using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

/// <summary>The messages of RFC 4475 that are about the layers above the parser: what the parser gives them.</summary>
public sealed class LayeredTortureTests
{
    private const string Rest = "To: sip:user@example.com\nFrom: sip:caller@example.net;tag=384\nMax-Forwards: 3\nCall-ID: 1.nasdfasser0q239nwsdfasdkl34\nVia: SIP/2.0/TCP host9.example.com;branch=z9hG4bKkdjuw39234\nContent-Length: 0\n";

    [Fact]
    [Trait("RFC", "4475 §3.2.1")]
    public void A_branch_that_is_only_the_magic_cookie_is_given_as_it_is()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user@example.com SIP/2.0
            To: sip:user@example.com
            From: sip:caller@example.org;tag=33242
            Max-Forwards: 3
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK
            Accept: application/sdp
            Call-ID: badbranch.sadonfo23i420jv0as0derf3j3n
            CSeq: 8 OPTIONS
            l: 0


            """);

        Assert.Equal("z9hG4bK", SipText.Get(message.ViaBranch));
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.1")]
    public void A_request_without_From_To_and_Call_ID_cannot_be_answered() => Torture.Refuse("""
        INVITE sip:user@example.com SIP/2.0
        CSeq: 193942 INVITE
        Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf
        Content-Type: application/sdp
        l: 152

        {sdp:192.0.2.95}
        """, SipParseError.MissingHeader, canRespond: false);

    [Theory]
    [InlineData("nobodyKnowsThisScheme:totallyopaquecontent")]
    [InlineData("soap.beep://192.0.2.103:3002")]
    [Trait("RFC", "4475 §3.3.2, §3.3.3")]
    public void An_unknown_scheme_is_told_apart_so_that_it_can_be_answered_416(string uri)
    {
        var message = Torture.Accept($"OPTIONS {uri} SIP/2.0\n{Rest}CSeq: 3923423 OPTIONS\n\n");

        Assert.Equal(UriScheme.Other, Torture.Uri(message.RequestUri).Scheme);
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.4")]
    public void To_and_From_may_hold_any_scheme()
    {
        var message = Torture.Accept("""
            REGISTER sip:example.com SIP/2.0
            To: isbn:2983792873
            From: <http://www.example.com>;tag=3234233
            Call-ID: unksm2.daksdj@hyphenated-host.example.com
            CSeq: 234902 REGISTER
            Max-Forwards: 70
            Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKkdjuw
            Contact: <name:John_Smith>
            l: 0


            """);

        Assert.Equal("isbn:2983792873", SipText.Get(Torture.Address(message.To).Uri));
        Assert.Equal("3234233", SipText.Get(message.FromTag));
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.5")]
    public void Required_extensions_are_listed_one_by_one()
    {
        var message = Torture.Accept($"OPTIONS sip:user@example.com SIP/2.0\n{Rest}CSeq: 8 OPTIONS\nRequire: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\n\n");

        Assert.Equal(["nothingSupportsThis", "nothingSupportsThisEither"], Torture.Values(message, HeaderId.Require));
        Assert.Equal(["noProxiesSupportThis", "norDoAnyProxiesSupportThis"], Torture.Values(message, HeaderId.ProxyRequire));
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.7")]
    public void An_unknown_challenge_is_not_answered()
    {
        var message = Torture.Accept($"SIP/2.0 401 No\n{Rest}CSeq: 8 REGISTER\nWWW-Authenticate: NoOneKnowsThisScheme opaque-data=here\n\n");

        Assert.False(Digest.TryAnswer(message, "REGISTER", "sip:example.com", new Credentials("a", "b"), 1, "c", default, out _, out _));
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.8")]
    public void Single_value_fields_that_come_twice_are_refused() => Torture.Refuse("""
        INVITE sip:user@company.com SIP/2.0
        Contact: <sip:caller@host25.example.net>
        Via: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bKkdjuw
        Max-Forwards: 70
        CSeq: 5 INVITE
        Call-ID: multi01.98asdh@192.0.2.1
        CSeq: 59 INVITE
        Call-ID: multi01.98asdh@192.0.2.2
        From: sip:caller@example.com;tag=3413415
        To: sip:user@example.com
        To: sip:other@example.net
        From: sip:caller@example.net;tag=2923420123
        Content-Type: application/sdp
        l: 154
        Contact: <sip:caller@host36.example.net>
        Max-Forwards: 5

        {sdp:192.0.2.25}
        """, SipParseError.DuplicateHeader, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.3.9")]
    public void Content_Lengths_that_differ_are_refused() => Torture.Refuse("""
        OPTIONS sip:user@example.com SIP/2.0
        Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bK293423
        To: sip:user@example.com
        From: sip:other@example.net;tag=3923942
        Call-ID: mcl01.fhn2323orihawfdoa3o4r52o3irsdf
        CSeq: 15932 OPTIONS
        Content-Length: 13
        Max-Forwards: 60
        Content-Length: 5
        Content-Type: text/plain

        There's no way to know how many octets are supposed to be here.

        """, SipParseError.DuplicateHeader, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.3.10")]
    public void A_response_with_a_broadcast_address_in_Via_is_still_a_response()
    {
        var message = Torture.Accept("""
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
            Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23
            Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf
            CSeq: 35 INVITE
            From: sip:user@example.com;tag=11141343
            To: sip:user@example.edu;tag=2229
            Content-Length: 154
            Content-Type: application/sdp
            Contact: <sip:user@host28.example.com>

            {sdp:192.0.2.198}
            """);

        Assert.Equal(2, Torture.Values(message, HeaderId.Via).Count);
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.11")]
    public void Max_Forwards_may_be_zero()
    {
        var message = Torture.Accept("OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\nFrom: sip:caller@example.net;tag=3ghsd41\nCall-ID: zeromf.jfasdlfnm2o2l43r5u0asdfas\nCSeq: 39234321 OPTIONS\nVia: SIP/2.0/UDP host1.example.com;branch=z9hG4bKkdjuw2349i\nMax-Forwards: 0\nContent-Length: 0\n\n");

        Assert.Equal(0, message.MaxForwards);
    }

    [Fact]
    [Trait("RFC", "4475 §3.3.12, §3.3.13")]
    public void A_parameter_belongs_to_the_header_without_brackets_and_to_the_URI_within()
    {
        var without = Torture.Address("sip:+19725552222@gw1.example.net;unknownparam"u8);
        var within = Torture.Address("<sip:+19725552222@gw1.example.net;unknownparam>"u8);

        Assert.Equal("sip:+19725552222@gw1.example.net", SipText.Get(without.Uri));
        Assert.True(without.TryGetParameter("unknownparam"u8, out _));
        Assert.False(within.TryGetParameter("unknownparam"u8, out _));
        Assert.True(Torture.Uri(within.Uri).TryGetParameter("UnknownParam"u8, out _));
    }

    [Fact]
    [Trait("RFC", "4475 §3.4.1")]
    public void An_INVITE_of_RFC_2543_without_branch_tag_and_Content_Length_is_understood()
    {
        var message = Torture.Accept("""
            INVITE sip:UserB@example.com SIP/2.0
            Via: SIP/2.0/UDP iftgw.example.com
            From: <sip:+13035551111@ift.client.example.net;user=phone>
            Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
            To: sip:+16505552222@ss1.example.net;user=phone
            Call-ID: inv2543.1717@ift.client.example.com
            CSeq: 56 INVITE
            Content-Type: application/sdp

            {sdp:192.0.2.5}
            """);

        Assert.True(message.ViaBranch.IsEmpty);
        Assert.True(message.FromTag.IsEmpty);
        Assert.Equal(-1, message.MaxForwards);
        Assert.Equal(150, message.Body.Length);
    }
}
