using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class InvalidTortureTests
{
    [Fact]
    [Trait("RFC", "4475 §3.1.2.1")]
    public void Extraneous_separators_in_Via_are_refused_with_a_response() => Torture.Refuse("""
        INVITE sip:user@example.com SIP/2.0
        To: sip:j.user@example.com
        From: sip:caller@example.net;tag=134161461246
        Max-Forwards: 7
        Call-ID: badinv01.0ha0isndaksdjasdf3234nas
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP 192.0.2.15;;,;,,
        Contact: "Joe" <sip:joe@example.org>;;;;
        Content-Length: 152
        Content-Type: application/sdp

        {sdp:192.0.2.15}
        """, SipParseError.BadVia, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.2")]
    public void A_Content_Length_beyond_the_datagram_is_refused() => Torture.Refuse("""
        INVITE sip:user@example.com SIP/2.0
        Max-Forwards: 80
        To: sip:j.user@example.com
        From: sip:caller@example.net;tag=93942939o2
        Contact: <sip:caller@hungry.example.net>
        Call-ID: clerr.0ha0isndaksdjweiafasdk3
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bK-39234-23523
        Content-Type: application/sdp
        Content-Length: 9999

        {sdp:192.0.2.155}
        """, SipParseError.BodyTooShort, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.3")]
    public void A_negative_Content_Length_is_refused() => Torture.Refuse("""
        INVITE sip:user@example.com SIP/2.0
        Max-Forwards: 254
        To: sip:j.user@example.com
        From: sip:caller@example.net;tag=32394234
        Call-ID: ncl.0ha0isndaksdj2193423r542w35
        CSeq: 0 INVITE
        Via: SIP/2.0/UDP 192.0.2.53;branch=z9hG4bKkdjuw
        Contact: <sip:caller@example53.example.net>
        Content-Type: application/sdp
        Content-Length: -999

        {sdp:192.0.2.53}
        """, SipParseError.BadContentLength, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.4")]
    public void Numbers_that_are_too_large_in_a_request_are_refused() => Torture.Refuse("""
        REGISTER sip:example.com SIP/2.0
        Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342sdfoi3
        To: <sip:user@example.com>
        From: <sip:user@example.com>;tag=239232jh3
        CSeq: 36893488147419103232 REGISTER
        Call-ID: scalar02.23o0pd9vanlq3wnrlnewofjas9ui32
        Max-Forwards: 300
        Expires: 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
        Contact: <sip:user@host129.example.com>
          ;expires=280297596632815
        Content-Length: 0


        """, SipParseError.BadCSeq, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.5")]
    public void Numbers_that_are_too_large_in_a_response_are_refused() => Torture.Refuse("""
        SIP/2.0 503 Service Unavailable
        Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
        To: <sip:user@example.com>
        From: <sip:other@example.net>;tag=2easdjfejw
        CSeq: 9292394834772304023312 OPTIONS
        Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
        Retry-After: 949302838503028349304023988
        Warning: 1812 overture "In Progress"
        Content-Length: 0


        """, SipParseError.BadCSeq, canRespond: false);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.6")]
    public void A_quoted_string_that_is_not_closed_is_refused() => Torture.Refuse("""
        INVITE sip:user@example.com SIP/2.0
        To: "Mr. J. User <sip:j.user@example.com>
        From: sip:caller@example.net;tag=93334
        Max-Forwards: 10
        Call-ID: quotbal.aksdj
        Contact: <sip:caller@host59.example.net>
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bKkdjuw39234
        Content-Type: application/sdp
        Content-Length: 152

        {sdp:192.0.2.15}
        """, SipParseError.BadTo, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.7")]
    public void Angle_brackets_around_the_Request_URI_are_refused() => RefuseStartLine("INVITE <sip:user@example.com> SIP/2.0", SipParseError.BadUri);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.8")]
    public void White_space_within_the_Request_URI_is_refused() => RefuseStartLine("INVITE sip:user@example.com; lr SIP/2.0", SipParseError.BadUri);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.9")]
    public void Several_spaces_within_the_request_line_are_refused() => RefuseStartLine("INVITE  sip:user@example.com  SIP/2.0", SipParseError.BadStartLine);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.10")]
    public void Spaces_at_the_end_of_the_request_line_are_refused() => RefuseStartLine("INVITE sip:remote-target@example.com SIP/2.0  ", SipParseError.BadStartLine);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.11")]
    public void Headers_in_the_Request_URI_are_refused() => RefuseStartLine("INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0", SipParseError.BadUri);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.12")]
    public void A_Date_with_another_time_zone_is_tolerated_since_nobody_reads_it() => Torture.Accept("""
        INVITE sip:user@example.com SIP/2.0
        To: sip:user@example.com
        From: sip:caller@example.net;tag=2234923
        Max-Forwards: 70
        Call-ID: baddate.239423mnsadf3j23lj42--sedfnm234
        CSeq: 1392934 INVITE
        Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw
        Date: Fri, 01 Jan 2010 16:00:00 EST
        Contact: <sip:caller@host5.example.net>
        Content-Type: application/sdp
        Content-Length: 150

        {sdp:192.0.2.5}
        """);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.13")]
    public void A_Contact_with_URI_headers_needs_angle_brackets()
    {
        Assert.False(NameAddr.TryParse("sip:user@example.com?Route=%3Csip:sip.example.com%3E"u8, out _));
        Assert.True(NameAddr.TryParse("<sip:user@example.com?Route=%3Csip:sip.example.com%3E>"u8, out var address));
        Assert.Equal("Route=%3Csip:sip.example.com%3E", SipText.Get(Torture.Uri(address.Uri).Headers));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.2.14")]
    public void Spaces_within_angle_brackets_are_refused() => Torture.Refuse("""
        OPTIONS sip:user@example.org SIP/2.0
        Via: SIP/2.0/UDP host4.example.com:5060;branch=z9hG4bKkdju43234
        Max-Forwards: 70
        From: "Bell, Alexander" <sip:a.g.bell@example.com>;tag=433423
        To: "Watson, Thomas" < sip:t.watson@example.org >
        Call-ID: badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3
        Accept: application/sdp
        CSeq: 3923239 OPTIONS
        l: 0


        """, SipParseError.BadTo, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.15")]
    public void Display_names_that_should_have_been_quoted_are_tolerated()
    {
        var message = Torture.Accept("""
            OPTIONS sip:t.watson@example.org SIP/2.0
            Via:     SIP/2.0/UDP c.example.com:5060;branch=z9hG4bKkdjuw
            Max-Forwards:      70
            From:    Bell, Alexander <sip:a.g.bell@example.com>;tag=43
            To:      Watson, Thomas <sip:t.watson@example.org>
            Call-ID: baddn.31415@c.example.com
            Accept: application/sdp
            CSeq:    3923239 OPTIONS
            l: 0


            """);

        Assert.Equal("Bell, Alexander", SipText.Get(Torture.Address(message.From).DisplayName));
        Assert.Equal("43", SipText.Get(message.FromTag));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.2.16")]
    public void Another_version_is_refused_with_505()
    {
        Torture.Refuse("""
            OPTIONS sip:t.watson@example.org SIP/7.0
            Via:     SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw
            Max-Forwards:     70
            From:    A. Bell <sip:a.g.bell@example.com>;tag=qweoiqpe
            To:      T. Watson <sip:t.watson@example.org>
            Call-ID: badvers.31417@c.example.com
            CSeq:    1 OPTIONS
            l: 0


            """, SipParseError.UnsupportedVersion, canRespond: true);
        Assert.Equal(505, SipParser.StatusOf(SipParseError.UnsupportedVersion));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("NEWMETHOD")]
    [Trait("RFC", "4475 §3.1.2.17, §3.1.2.18")]
    public void A_CSeq_method_that_is_not_the_request_method_is_refused(string method) => Torture.Refuse(method + """
         sip:user@example.com SIP/2.0
        To: sip:j.user@example.com
        From: sip:caller@example.net;tag=34525
        Max-Forwards: 6
        Call-ID: mismatch01.dj0234sxdfl3
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw
        l: 0


        """, SipParseError.CSeqMethodMismatch, canRespond: true);

    [Fact]
    [Trait("RFC", "4475 §3.1.2.19")]
    public void A_status_code_out_of_range_is_refused() => Torture.Refuse("""
        SIP/2.0 4294967301 better not break the receiver
        Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
        Call-ID: bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i
        CSeq: 353494 INVITE
        From: <sip:user@example.com>;tag=39ansfi3
        To: <sip:user@example.edu>;tag=902jndnke3
        Content-Length: 0
        Contact: <sip:user@host105.example.com>


        """, SipParseError.BadStartLine, canRespond: false);

    private static void RefuseStartLine(string startLine, SipParseError expected) => Torture.Refuse(startLine + "\n" + """
        To: sip:user@example.com
        From: sip:caller@example.net;tag=39291
        Max-Forwards: 23
        Call-ID: ltgtruri.1@192.0.2.5
        CSeq: 1 INVITE
        Via: SIP/2.0/UDP 192.0.2.5
        Contact: <sip:caller@host5.example.net>
        Content-Length: 0


        """, expected, canRespond: true);
}
