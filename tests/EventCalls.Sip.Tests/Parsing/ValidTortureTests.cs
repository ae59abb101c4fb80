using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class ValidTortureTests
{
    [Fact]
    [Trait("RFC", "4475 §3.1.1.1")]
    public void A_short_tortuous_INVITE_is_understood()
    {
        var message = Torture.Accept("""
            INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
            TO :
             sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
            from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
              ;
              tag = 98asjd8
            MaX-fOrWaRdS: 0068
            Call-ID: wsinv.ndaksdj@192.0.2.1
            Content-Length   : 150
            cseq: 0009
              INVITE
            Via  : SIP  /   2.0
             /UDP
                192.0.2.2;branch=390skdjuw
            s :
            NewFangledHeader:   newfangled value
             continued newfangled value
            UnknownHeaderWithUnusualValue: ;;,,;;,;
            Content-Type: application/sdp
            Route:
             <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
            v:  SIP  / 2.0  / TCP     spindle.example.com   ;
              branch  =   z9hG4bK9ikj8  ,
             SIP  /    2.0   / UDP  192.168.255.111   ; branch=
             z9hG4bK30239
            m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
                  newvalue ;
              secondparam ; q = 0.33

            v=0
            o=mhandley 29739 7272939 IN IP4 192.0.2.3
            s=-
            c=IN IP4 192.0.2.4
            t=0 0
            m=audio 49217 RTP/AVP 0 12
            m=video 3227 RTP/AVP 31
            a=rtpmap:31 LPC

            """);

        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("1918181833n", SipText.Get(message.ToTag));
        Assert.Equal("98asjd8", SipText.Get(message.FromTag));
        Assert.Equal("\"J Rosenberg \\\\\\\"\"", SipText.Get(Torture.Address(message.From).DisplayName));
        Assert.Equal(68, message.MaxForwards);
        Assert.Equal(9u, message.CSeqNumber);
        Assert.Equal("390skdjuw", SipText.Get(message.ViaBranch));
        Assert.Equal("192.0.2.2", SipText.Get(message.ViaSentBy));
        Assert.True(message.Has(HeaderId.Subject));
        Assert.True(message.Header(HeaderId.Subject).IsEmpty);
        Assert.Equal("newfangled value continued newfangled value", SipText.Unfold(message.Header("newfangledheader"u8)));
        Assert.Equal(";;,,;;,;", SipText.Get(message.Header("UnknownHeaderWithUnusualValue"u8)));
        Assert.Equal(150, message.Body.Length);

        var branches = new List<string>();
        foreach (var value in message.Values(HeaderId.Via))
        {
            Assert.True(ViaField.TryParse(value, out var via));
            branches.Add($"{SipText.Get(via.Transport)} {SipText.Get(via.Host)} {SipText.Get(via.Branch)}");
        }
        Assert.Equal(["UDP 192.0.2.2 390skdjuw", "TCP spindle.example.com z9hG4bK9ikj8", "UDP 192.168.255.111 z9hG4bK30239"], branches);

        var contact = Torture.Address(message.Header(HeaderId.Contact));
        Assert.Equal("newvalue", Torture.Parameter(contact, "newparam"));
        Assert.Equal("", Torture.Parameter(contact, "secondparam"));
        Assert.Equal("0.33", Torture.Parameter(contact, "q"));
        var route = Torture.Uri(Torture.Address(message.Header(HeaderId.Route)).Uri);
        Assert.True(route.TryGetParameter("lr"u8, out _));
        Assert.True(route.TryGetParameter("unknownwith"u8, out var unknown));
        Assert.Equal("value", SipText.Get(unknown));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.2")]
    public void A_wide_range_of_valid_characters_is_understood()
    {
        var message = Torture.Accept("""
            !interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
            Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
            To: "BEL:\BELL NUL:\NULL DEL:\DELETE" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
            From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+`*%!-.
            Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{
            CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
            Max-Forwards: 255
            extensionHeader-!.%*+_`'~:大停電
            Content-Length: 0


            """.Replace("BELL", "\a", StringComparison.Ordinal).Replace("NULL", "\0", StringComparison.Ordinal).Replace("DELETE", "\x7f", StringComparison.Ordinal));

        Assert.Equal(SipMethod.Other, message.Method);
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", SipText.Get(message.MethodName));
        var uri = Torture.Uri(message.RequestUri);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", SipText.Get(uri.User));
        Assert.Equal("example.com", SipText.Get(uri.Host));
        Assert.Equal("z9hG4bK-.!%66*_+`'~", SipText.Get(message.ViaBranch));
        Assert.Equal("\"BEL:\\\a NUL:\\\0 DEL:\\\x7f\"", SipText.Get(Torture.Address(message.To).DisplayName));
        var from = Torture.Address(message.From);
        Assert.Equal("token1~` token2'+_ token3*%!.-", SipText.Get(from.DisplayName));
        Assert.Equal("работающий", Torture.Parameter(from, "fromParam''~+*_!.-%"));
        Assert.Equal("_token~1'+`*%!-.", SipText.Get(message.FromTag));
        Assert.Equal("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", SipText.Get(message.CallId));
        Assert.Equal("大停電", SipText.Get(message.Header("extensionHeader-!.%*+_`'~"u8)));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.3")]
    public void Escapes_in_URIs_stay_as_they_are()
    {
        var message = Torture.Accept("""
            INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0
            To: sip:%75se%72@example.com
            From: <sip:I%20have%20spaces@example.net>;tag=938
            Max-Forwards: 87
            i: esc01.239409asdfakjkn23onasd0-3234
            CSeq: 234234 INVITE
            Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw
            C: application/sdp
            Contact:
              <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>
            Content-Length: 150

            {sdp:192.0.2.1}
            """);

        Assert.Equal("sips%3Auser%40example.com", SipText.Get(Torture.Uri(message.RequestUri).User));
        Assert.Equal("I%20have%20spaces", SipText.Get(Torture.Uri(Torture.Address(message.From).Uri).User));
        Assert.Equal("cal%6Cer", SipText.Get(Torture.Uri(Torture.Address(message.Header(HeaderId.Contact)).Uri).User));
        Assert.Equal("application/sdp", SipText.Get(message.ContentType));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.4")]
    public void Escaped_nulls_are_kept()
    {
        var message = Torture.Accept("""
            REGISTER sip:example.com SIP/2.0
            To: sip:null-%00-null@example.com
            From: sip:null-%00-null@example.com;tag=839923423
            Max-Forwards: 70
            Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd
            CSeq: 14398234 REGISTER
            Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw
            Contact: <sip:%00@host5.example.com>
            Contact: <sip:%00%00@host5.example.com>
            L:0


            """);

        Assert.Equal("839923423", SipText.Get(message.FromTag));
        Assert.Equal(["<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>"], Torture.Values(message, HeaderId.Contact));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.5")]
    public void A_percent_sign_that_is_no_escape_is_a_character()
    {
        var message = Torture.Accept("""
            RE%47IST%45R sip:registrar.example.com SIP/2.0
            To: "%Z%45" <sip:resource@example.com>
            From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23
            Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf
            Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234
            CSeq: 29344 RE%47IST%45R
            Max-Forwards: 70
            Contact: <sip:alias1@host1.example.com>
            C%6Fntact: <sip:alias2@host2.example.com>
            Contact: <sip:alias3@host3.example.com>
            l: 0


            """);

        Assert.Equal(SipMethod.Other, message.Method);
        Assert.Equal(["<sip:alias1@host1.example.com>", "<sip:alias3@host3.example.com>"], Torture.Values(message, HeaderId.Contact));
        Assert.Equal("z9hG4bK209%fzsnel234", SipText.Get(message.ViaBranch));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.6")]
    public void No_space_is_needed_before_an_angle_bracket()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user@example.com SIP/2.0
            To: sip:user@example.com
            From: caller<sip:caller@example.com>;tag=323
            Max-Forwards: 70
            Call-ID: lwsdisp.1234abcd@funky.example.com
            CSeq: 60 OPTIONS
            Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw
            l: 0


            """);

        Assert.Equal("caller", SipText.Get(Torture.Address(message.From).DisplayName));
        Assert.Equal("323", SipText.Get(message.FromTag));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.7")]
    public void Long_values_and_many_Vias_are_understood()
    {
        static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        var caller = Repeat("amazinglylongcallername", 5);
        var vias = new StringBuilder();
        string[] spellings = ["Via:", "v:", "V:", "ViA:", "VIa :", "viA  :", "V  :"];
        for (var i = 33; i >= 1; i--)
            vias.Append($"{spellings[i % spellings.Length]} SIP/2.0/TCP sip{i}.example.com\n");
        var branch = "very" + Repeat("long", 50) + "branchvalue";

        var message = Torture.Accept(
            "INVITE sip:user@example.com SIP/2.0\n" +
            $"To: \"I have a user name of {Repeat("extreme", 10)} proportion\"<sip:user@example.com:6000;unknownparam1=very{Repeat("long", 20)}value;long{Repeat("paramname", 25)}=shortvalue;very{Repeat("long", 25)}ParameterNameWithNoValue>\n" +
            $"F: sip:{caller}@example.net;tag=12{Repeat("982", 50)}424;unknownheaderparam{Repeat("name", 20)}=unknowheaderparam{Repeat("value", 15)};unknownValueless{Repeat("paramname", 10)}\n" +
            $"Call-ID: longreq.one{Repeat("really", 20)}longcallid\n" +
            "CSeq: 3882340 INVITE\n" +
            $"Unknown-{Repeat("Long", 20)}-Name: unknown-{Repeat("long", 20)}-value; unknown-{Repeat("long", 20)}-parameter-name = unknown-{Repeat("long", 20)}-parameter-value\n" +
            vias +
            $"Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch={branch}\n" +
            "Max-Forwards: 70\n" +
            $"Contact: <sip:{caller}@host5.example.net>\n" +
            "Content-Type: application/sdp\nl: 150\n\n{sdp:192.0.2.1}");

        Assert.Equal(34, Torture.Values(message, HeaderId.Via).Count);
        Assert.Equal("sip33.example.com", SipText.Get(message.ViaSentBy));
        Assert.Equal($"12{Repeat("982", 50)}424", SipText.Get(message.FromTag));
        Assert.Equal(caller, SipText.Get(Torture.Uri(Torture.Address(message.From).Uri).User));
        Assert.Equal(6000, Torture.Uri(Torture.Address(message.To).Uri).Port);
        Assert.Equal($"longreq.one{Repeat("really", 20)}longcallid", SipText.Get(message.CallId));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.8")]
    public void A_second_request_in_a_datagram_is_left_out_and_on_a_stream_it_is_the_next_message()
    {
        var bytes = Torture.Bytes("""
            REGISTER sip:example.com SIP/2.0
            To: sip:j.user@example.com
            From: sip:j.user@example.com;tag=43251j3j324
            Max-Forwards: 8
            I: dblreq.0ha0isndaksdj99sdfafnl3lk233412
            Contact: sip:j.user@host.example.com
            CSeq: 8 REGISTER
            Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492
            Content-Length: 0


            INVITE sip:joe@example.com SIP/2.0
            t: sip:joe@example.com
            From: sip:caller@example.net;tag=141334
            Max-Forwards: 8
            Call-ID: dblreq.0ha0isnda977644900765@192.0.2.15
            CSeq: 8 INVITE
            Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw380234
            Content-Type: application/sdp
            Content-Length: 152

            {sdp:192.0.2.15}
            """);
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse(bytes, message));
        Assert.Equal(SipMethod.Register, message.Method);
        Assert.True(message.Body.IsEmpty);

        var framer = new StreamFramer();
        framer.Append(bytes);
        Assert.True(framer.TryRead(out _));
        Assert.True(framer.TryRead(out var second));
        Assert.Equal(SipParseError.None, SipParser.Parse(second, message));
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal(152, message.Body.Length);
        Assert.False(framer.TryRead(out _));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.9")]
    public void A_semicolon_may_stand_in_the_user_part()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0
            To: sip:j_user@example.com
            From: sip:caller@example.org;tag=33242
            Max-Forwards: 3
            Call-ID: semiuri.0ha0isndaksdj
            CSeq: 8 OPTIONS
            Accept: application/sdp, application/pkcs7-mime,
                    multipart/mixed, multipart/signed,
                    message/sip, message/sipfrag
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
            l: 0


            """);

        var uri = Torture.Uri(message.RequestUri);
        Assert.Equal("user;par=u%40example.net", SipText.Get(uri.User));
        Assert.True(uri.Parameters.IsEmpty);
        Assert.Equal(
            ["application/sdp", "application/pkcs7-mime", "multipart/mixed", "multipart/signed", "message/sip", "message/sipfrag"],
            Torture.Values(message, HeaderId.Accept));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.10")]
    public void Any_transport_may_stand_in_Via()
    {
        var message = Torture.Accept("""
            OPTIONS sip:user@example.com SIP/2.0
            To: sip:user@example.com
            From: <sip:caller@example.com>;tag=323
            Max-Forwards: 70
            Call-ID:  transports.kijh4akdnaqjkwendsasfdj
            Accept: application/sdp
            CSeq: 60 OPTIONS
            Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
            Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
            Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
            Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
            Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
            l: 0


            """);

        var transports = new List<string>();
        foreach (var value in message.Values(HeaderId.Via))
        {
            Assert.True(ViaField.TryParse(value, out var via));
            transports.Add(SipText.Get(via.Transport));
        }
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], transports);
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.11")]
    public void A_multipart_body_with_binary_parts_is_kept_as_it_is()
    {
        var head = Torture.Bytes("""
            MESSAGE sip:kumiko@example.org SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport
            Max-Forwards: 70
            Route: <sip:127.0.0.1:5080>
            Contact: <sip:fluffy@127.0.0.1:5070>
            To: <sip:kumiko@example.org>
            From: <sip:fluffy@example.com>;tag=2fb0dcc9
            Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..
            CSeq: 1 MESSAGE
            Content-Transfer-Encoding: binary
            Content-Type: multipart/mixed;boundary=7a9cbec02ceef655
            Date: Sat, 15 Oct 2005 04:44:56 GMT
            Content-Length: 80


            """);
        byte[] body = [.. "--7a9cbec02ceef655\r\nContent-Type: x/y\r\n\r\n"u8, 0, 13, 10, 13, 10, 255, 254, .. "\r\n--7a9cbec02ceef655--\r\n12345678"u8];
        var message = new SipMessage();

        Assert.Equal(SipParseError.None, SipParser.Parse((byte[])[.. head, .. body], message));

        Assert.Equal(80, body.Length);
        Assert.True(message.Body.SequenceEqual(body));
        Assert.True(message.ViaHasRport);
        Assert.Equal(["Sat, 15 Oct 2005 04:44:56 GMT"], Torture.Values(message, HeaderId.Date));
    }

    [Fact]
    [Trait("RFC", "4475 §3.1.1.12")]
    public void A_reason_phrase_may_be_any_text()
    {
        var message = Torture.Accept("""
            SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое
            Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
            Call-ID: unreason.1234ksdfak3j2erwedfsASdf
            CSeq: 35 INVITE
            From: sip:user@example.com;tag=11141343
            To: sip:user@example.edu;tag=2229
            Content-Length: 154
            Content-Type: application/sdp
            Contact: <sip:user@host198.example.com>

            {sdp:192.0.2.198}
            """);

        Assert.False(message.IsRequest);
        Assert.Equal(200, message.StatusCode);
        Assert.Equal("= 2**3 * 5**2 но сто девяносто девять - простое", SipText.Get(message.ReasonPhrase));
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("INVITE", SipText.Get(message.MethodName));
    }

    [Theory]
    [InlineData("SIP/2.0 100 ")]
    [InlineData("SIP/2.0 100")]
    [Trait("RFC", "4475 §3.1.1.13")]
    public void A_reason_phrase_may_be_empty(string startLine)
    {
        var message = Torture.Accept(startLine + "\n" + """
            Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
            Call-ID: noreason.asndj203insdf99223ndf
            CSeq: 35 INVITE
            From: <sip:user@example.com>;tag=39ansfi3
            To: <sip:user@example.edu>;tag=902jndnke3
            Content-Length: 0
            Contact: <sip:user@host105.example.com>


            """);

        Assert.Equal(100, message.StatusCode);
        Assert.True(message.ReasonPhrase.IsEmpty);
    }
}
