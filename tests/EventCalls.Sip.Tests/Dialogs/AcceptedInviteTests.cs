using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>What an INVITE says is checked when it comes; whoever is let in can be asked, referred and hung up on.</summary>
public sealed class AcceptedInviteTests
{
    private static readonly string[] s_pieces =
    [
        "sip:", "http:", "tel:", "sips:", "a", "u", "@", "10.0.0.9", ":5060", ":99999", "<", ">", "\"", "\\", ";", ",", " ", "\t", "\0", "\u007f", "\u00e9", "\r\n ",
        "?", "x=y", ";lr", ";transport=tcp", "[", "]", "[::1]", "%00", "%22", "=", "*", "(", ")", "'", ";tag=z", "",
    ];

    private static readonly Gen<string> s_odd =
        from count in Gen.Choose(0, 6)
        from pieces in Gen.ArrayOf(Gen.Elements(s_pieces), count)
        select string.Concat(pieces);

    private static readonly Gen<string> s_address =
        from isOdd in Gen.Choose(0, 2)
        from odd in s_odd
        from other in s_odd
        from address in Gen.Elements(
            odd, $"<{odd}>", $"<sip:{odd}@10.0.0.9>", $"<sip:carol@10.0.0.9{odd}>", $"\"{odd}\" <sip:carol@10.0.0.9>",
            $"{odd}<sip:{other}@10.0.0.9>", $"sip:{odd}@10.0.0.9{other}", $"<sip:10.0.0.9;x={odd}>", $"<sip:carol@10.0.0.9>{odd}")
        select isOdd == 0 ? address : "<sip:carol@10.0.0.9>";

    private static readonly Gen<Invite> s_invite =
        from @from in s_address
        from to in s_address
        from contact in s_address
        from route in s_address
        from routes in Gen.Choose(0, 2)
        from tag in Gen.Elements("c", "c", "c", "\"c d\"", "c%22")
        from call in Gen.OneOf(s_odd, Gen.Constant(""))
        from type in Gen.Elements("application/sdp", "application/sdp", "application/sdp;x=\"\\\0\"", "application/sdp;\r\n x=y", "application/sdp\0")
        select new Invite($"{@from};tag={tag}", to, contact, [.. Enumerable.Repeat(route, routes)], $"x{call}", type);

    [Fact]
    [Trait("RFC", "3261 §12.1.1")]
    public void Any_INVITE_that_is_accepted_can_be_asked_referred_and_ended()
    {
        int accepted = 0;
        Prop.ForAll(s_invite.ToArbitrary(), invite => Serve(invite, ref accepted))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));
        // Were all refused, nothing would be shown.
        Assert.InRange(accepted, 100, 1_400);
    }

    [Theory]
    [InlineData("<sip:10.0.0.9;x=?[u>")]
    [InlineData("<sip:10.0.0.9?>")]
    [InlineData("<sip:carol@10.0.0.9?Subject=x>")]
    [Trait("RFC", "3261 §12.2.1.1")]
    public void What_a_strict_router_may_not_get_in_a_request_line_is_left_out(string route)
    {
        int accepted = 0;
        Assert.True(Serve(new Invite("<sip:carol@10.0.0.9>;tag=c", "<sip:carol@10.0.0.9>", "<sip:carol@10.0.0.9>", [route], "x", "application/sdp"), ref accepted));
        Assert.Equal(1, accepted);
    }

    private static bool Serve(Invite invite, ref int accepted)
    {
        var pair = new SipPair();
        var script = pair.Network.AddHost("10.0.0.9:5060");
        script.Send(pair.Bob, Text("INVITE", "1", invite, invite.To, $"Content-Type: {invite.ContentType}", "v=0"));
        pair.Network.Run(20);
        if (pair.B.Incoming.Count == 0)
            return pair.B.Log.Count == 0;
        Interlocked.Increment(ref accepted);
        var leg = pair.B.Incoming[0];
        leg.Answer(SipPair.Offer);
        pair.Network.Run(20);
        string to = pair.Network.Log.Last(s => s.Kind == "200").Header("To")!;
        script.Send(pair.Bob, Text("ACK", "1", invite, to, "X: y", ""));
        pair.Network.Run(20);
        if (leg.State == LegState.Confirmed)
        {
            leg.Request(SipMethod.Info, null, null, pair.B);
            leg.ReInvite(SipPair.Offer, null, pair.B);
            leg.Refer(new OutgoingRefer { ReferTo = "sip:support@example.com" }, pair.B);
            leg.Bye();
        }
        else
        {
            // Its ACK did not find the dialog; then BYE comes when that was waited for.
            pair.Network.Run(40_000);
        }
        pair.Network.Run(100_000);
        var sent = pair.Network.Log.Where(s => s.From.Equals(pair.Bob.EndPoint) && !s.StartLine.StartsWith("SIP/", StringComparison.Ordinal)).ToList();
        return sent.Exists(s => s.Kind == "BYE")
            && sent.TrueForAll(s => SipParser.Parse(Encoding.UTF8.GetBytes(s.Text), new SipMessage()) == SipParseError.None)
            && !pair.B.Log.Exists(l => l.StartsWith("fault", StringComparison.Ordinal))
            && pair.Bob.Agent!.OpenLegs == 0
            && pair.Bob.Agent.OpenTransactions == 0;
    }

    private static string Text(string method, string cseq, Invite invite, string to, string header, string body) => $"""
        {method} sip:bob@10.0.0.2 SIP/2.0
        Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{method}
        Max-Forwards: 70
        From: {invite.From}
        To: {to}
        Call-ID: {invite.CallId}
        CSeq: {cseq} {method}
        Contact: {invite.Contact}
        {string.Concat(invite.Routes.Select(r => $"Record-Route: {r}\r\n"))}{header}

        {body}
        """;

    private sealed record Invite(string From, string To, string Contact, string[] Routes, string CallId, string ContentType)
    {
        public override string ToString() => string.Join(" | ", [From, To, Contact, .. Routes, CallId, ContentType]);
    }
}
