using EventCalls.Sip.Messages;

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
}
