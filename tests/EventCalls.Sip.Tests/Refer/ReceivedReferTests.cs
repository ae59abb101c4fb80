using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Tests.Dialogs;

namespace EventCalls.Sip.Tests.Refer;

/// <summary>A REFER of the peer, and what it is told of it, in virtual time.</summary>
public sealed class ReceivedReferTests
{
    private readonly SipPair _pair = new();
    private readonly OutgoingLeg _caller;
    private readonly IncomingLeg _callee;
    private ReferNotifier? _notifier;
    private ReceivedRefer? _asked;
    private int _status;
    private int _heard;

    public ReceivedReferTests()
    {
        (_caller, _callee) = _pair.Established();
        _pair.A.Requested = (_, request) =>
        {
            _heard++;
            _asked = ReceivedRefer.Of(request.Message, out _status, out string? phrase);
            if (_asked is null)
                request.Respond(_status, phrase);
            else
                _notifier = ReferNotifier.Accept(request, _asked, isFirst: true, expiresMs: 60_000);
        };
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void A_REFER_is_answered_202_and_reported_from_100_to_the_result()
    {
        Refer("sip:person@example.com");
        _notifier!.Report(180, null);
        _pair.Network.Run(50);
        _notifier.Finish(200, null);
        _pair.Network.Run(50);

        Assert.Equal(["refer accepted 202", "notify 100", "notify 180", "notify 200 terminated"], _pair.B.Log.Skip(2));
        var notifies = _pair.Network.Log.Where(s => s.Kind == "NOTIFY").ToList();
        Assert.Equal(["active;expires=60", "active;expires=59", "terminated;reason=noresource"], notifies.Select(n => n.Header("Subscription-State")));
        Assert.All(notifies, n => Assert.Equal("refer", n.Header("Event")));
        Assert.All(notifies, n => Assert.Equal("message/sipfrag;version=2.0", n.Header("Content-Type")));
        _callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "6665 §4.2.2")]
    public void One_NOTIFY_at_a_time_is_under_way_and_the_latest_of_what_came_up_is_told()
    {
        Refer("sip:person@example.com", run: 6);
        _notifier!.Report(180, null);
        _notifier.Report(183, null);
        _notifier.Finish(486, "Busy Here");
        _notifier.Report(180, null);
        _pair.Network.Run(500);

        Assert.Equal(["notify 100", "notify 486 terminated"], _pair.B.Log.Where(l => l.StartsWith("notify", StringComparison.Ordinal)));
        Assert.Equal(LegState.Confirmed, _caller.State);
    }

    [Fact]
    [Trait("RFC", "5057 §3.2")]
    public void The_result_is_told_after_the_referrer_hung_up()
    {
        Refer("sip:person@example.com");
        _callee.Bye();
        _pair.Network.Run(50);
        Assert.Equal(LegState.Ended, _caller.State);
        _notifier!.Finish(200, null);
        _pair.Network.Run(50);

        Assert.Equal("notify 200 terminated", _pair.B.Log[^1]);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public void Refer_Sub_false_is_confirmed_and_nothing_is_reported()
    {
        Refer("sip:person@example.com", wantsReports: false);
        _notifier!.Report(180, null);
        _notifier.Finish(200, null);
        _pair.Network.Run(50);

        Assert.False(_asked!.WantsReports);
        Assert.Equal("refer accepted 202 without subscription", _pair.B.Log[^1]);
        Assert.Equal(0, _pair.Count("NOTIFY"));
        _callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "6665 §4.2.2")]
    public void A_481_to_a_NOTIFY_ends_the_subscription_and_not_the_call()
    {
        Refer("sip:person@example.com", isHeard: false);
        Assert.Equal(1, _pair.Count("481", "NOTIFY"));
        _notifier!.Finish(200, null);
        _pair.Network.Run(50);

        Assert.Equal(1, _pair.Count("NOTIFY"));
        Assert.Equal(LegState.Confirmed, _caller.State);
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void A_result_that_takes_too_long_ends_the_subscription()
    {
        Refer("sip:person@example.com");
        _pair.Network.Run(61_000);
        Assert.Equal("terminated;reason=timeout", _pair.Network.Log.Last(s => s.Kind == "NOTIFY").Header("Subscription-State"));
        _callee.Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2")]
    public void A_REFER_that_is_delivered_twice_is_heard_once()
    {
        _pair.Network.Duplicate = sent => sent.Kind == "REFER";
        Refer("sip:person@example.com");

        Assert.Equal(1, _heard);
        Assert.Equal(2, _pair.Count("202", "REFER"));
    }

    [Theory]
    [InlineData("Refer-To: <sip:a@x>\r\nRefer-To: <sip:b@x>\r\n", 400)]
    [InlineData("", 400)]
    [InlineData("Refer-To: <sip:a@x>, <sip:b@x>\r\n", 400)]
    [InlineData("Refer-To: nothing\r\n", 400)]
    [InlineData("Refer-To: <mailto:a@x>\r\n", 416)]
    [InlineData("Refer-To: <sip:a@x;method=BYE>\r\n", 403)]
    [InlineData("Refer-To: <sip:a@x?method=BYE>\r\n", 400)]
    [InlineData("Refer-To: <sip:a@x?X-A=1%0D%0AX-B%3A2>\r\n", 400)]
    [InlineData("Refer-To: <sip:a@x?Replaces=nothing>\r\n", 400)]
    [InlineData("Refer-To: <sip:a@x?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3&Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>\r\n", 400)]
    [Trait("RFC", "3515 §2.4.2")]
    public void What_nobody_could_carry_out_is_refused(string lines, int status)
    {
        Assert.Null(ReceivedRefer.Of(Parse(lines), out int refused, out _));
        Assert.Equal(status, refused);
    }

    [Fact]
    [Trait("RFC", "3891 §5")]
    public void Target_headers_and_Replaces_are_taken_apart()
    {
        var asked = ReceivedRefer.Of(
            Parse("Refer-To: <sip:+1555@pbx.example.com;user=phone;method=INVITE?User-to-User=56a1%3Bencoding%3Dhex&X-Id=7&Replaces=a%40b%3Bto-tag%3D2%3Bfrom-tag%3D3%3Bearly-only>\r\nReferred-By: <sip:agent@x>\r\nRefer-Sub: false;x=1\r\n"),
            out _, out _)!;
        Assert.Equal("sip:+1555@pbx.example.com;user=phone", asked.Target);
        Assert.Equal([new HeaderLine("User-to-User", "56a1;encoding=hex"), new HeaderLine("X-Id", "7")], asked.Headers);
        Assert.Equal("<sip:agent@x>", asked.ReferredBy);
        Assert.False(asked.WantsReports);
        var replaces = EventCalls.Sip.Extensions.Replaces.ReplacesHeader.Parse(asked.Replaces!)!;
        Assert.Equal(("a@b", "2", "3", true), (replaces.CallId, replaces.ToTag, replaces.FromTag, replaces.IsEarlyOnly));
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2")]
    public void A_REFER_outside_a_dialog_is_forbidden()
    {
        _pair.Bob.Send(_pair.Alice, """
            REFER sip:alice@10.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKoutside
            Max-Forwards: 70
            From: <sip:bob@10.0.0.2>;tag=1
            To: <sip:alice@10.0.0.1>
            Call-ID: outside
            CSeq: 1 REFER
            Refer-To: <sip:person@example.com>


            """);
        _pair.Network.Run(50);
        Assert.Equal(1, _pair.Count("403", "REFER"));
    }

    private static SipMessage Parse(string lines)
    {
        var message = new SipMessage();
        Assert.Equal(EventCalls.Sip.Parsing.SipParseError.None, EventCalls.Sip.Parsing.SipParser.Parse(
            System.Text.Encoding.ASCII.GetBytes(
                $"REFER sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1\r\nFrom: <sip:b@x>;tag=1\r\nTo: <sip:a@x>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 REFER\r\n{lines}Content-Length: 0\r\n\r\n"),
            message));
        return message;
    }

    private void Refer(string to, bool wantsReports = true, bool isHeard = true, int run = 50)
    {
        var refer = new OutgoingRefer { ReferTo = to, WantSubscription = wantsReports };
        if (isHeard)
            _callee.Refer(refer, _pair.B);
        else
            _callee.Request(SipMethod.Refer, null, [new HeaderLine("Refer-To", $"<{to}>")], null);
        _pair.Network.Run(run);
    }
}
