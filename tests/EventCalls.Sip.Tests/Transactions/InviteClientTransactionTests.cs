using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transactions;

public sealed class InviteClientTransactionTests
{
    private readonly SipPair _pair = new();
    private readonly VirtualHost _script;

    public InviteClientTransactionTests() => _script = _pair.Network.AddHost("10.0.0.9:5060");

    [Fact]
    [Trait("RFC", "3261 §17.1.1.2")]
    public void An_unanswered_INVITE_is_sent_seven_times_with_doubling_intervals_and_then_given_up()
    {
        var leg = _pair.Call(to: _script);
        _pair.Network.Run(40_000);
        var times = _pair.Network.Log.Where(s => s.Kind == "INVITE").Select(s => s.At).ToArray();
        Assert.Equal([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500], times);
        Assert.Equal(["no response Timeout"], _pair.A.Log);
        Assert.Equal(LegState.Ended, leg.State);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.1.2")]
    public void A_provisional_response_stops_the_retransmissions()
    {
        _script.OnReceived = s => Answer(s, 100, "Trying");
        _pair.Call(to: _script);
        _pair.Network.Run(60_000);
        Assert.Equal(1, _pair.Count("INVITE"));
    }

    [Theory]
    [Trait("RFC", "3261 §9.1")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_new_INVITE_of_a_call_that_is_over_is_forgotten_however_long_it_rings(bool rangBefore)
    {
        _script.OnReceived = s =>
        {
            if (s.Kind == "BYE")
                Answer(s, 200, "OK");
            else if (s.Kind == "INVITE" && s.Header("CSeq") == "1 INVITE")
                Answer(s, 200, "OK", ";tag=b1", "Contact: <sip:bob@10.0.0.9>");
            else if (s.Kind == "INVITE" && rangBefore)
                Answer(s, 180, "Ringing");
        };
        var leg = _pair.Call(to: _script);
        _pair.Network.Run(100);
        leg.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(100);
        leg.Bye();
        var again = _script.Received.Last(s => s.Kind == "INVITE");
        for (int i = 0; i < 12; i++)
        {
            _pair.Network.Run(10_000);
            Answer(again, 180, "Ringing");
        }
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "6026 §7.2")]
    public void A_2xx_is_passed_up_once_and_every_repetition_is_acknowledged_in_Accepted()
    {
        _script.OnReceived = s =>
        {
            if (s.Kind == "INVITE")
                Answer(s, 200, "OK", ";tag=b1", "Contact: <sip:bob@10.0.0.9>");
        };
        _pair.Call(to: _script);
        _pair.Network.Run(100);
        var invite = _script.Received[0];
        Answer(invite, 200, "OK", ";tag=b1", "Contact: <sip:bob@10.0.0.9>");
        _pair.Network.Run(100);
        Assert.Equal(["answered 200"], _pair.A.Log);
        Assert.Equal(2, _script.Received.Count(s => s.Kind == "ACK"));
        Assert.Single(_script.Received.Where(s => s.Kind == "ACK").Select(s => s.Header("Via")).Distinct());
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.1.3")]
    public void A_refusal_is_acknowledged_with_the_INVITEs_branch_and_the_responses_To()
    {
        _script.OnReceived = s =>
        {
            if (s.Kind == "INVITE")
                Answer(s, 486, "Busy Here", ";tag=busy");
        };
        _pair.Call(to: _script);
        _pair.Network.Run(100);
        var invite = _script.Received.Single(s => s.Kind == "INVITE");
        var ack = _script.Received.Single(s => s.Kind == "ACK");
        Assert.Equal(invite.Header("Via"), ack.Header("Via"));
        Assert.EndsWith(";tag=busy", ack.Header("To"), StringComparison.Ordinal);
        Assert.Equal(invite.Header("CSeq")!.Replace("INVITE", "ACK", StringComparison.Ordinal), ack.Header("CSeq"));
        Assert.Equal(["failed 486"], _pair.A.Log);
        Answer(invite, 486, "Busy Here", ";tag=busy");
        _pair.Network.Run(100);
        Assert.Equal(2, _script.Received.Count(s => s.Kind == "ACK"));
        Assert.Equal(["failed 486"], _pair.A.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.3")]
    public void A_response_with_a_branch_we_did_not_make_is_dropped()
    {
        _script.OnReceived = s => _script.Send(_pair.Alice, $"""
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK000000000000deadbeef
            From: {s.Header("From")}
            To: {s.Header("To")};tag=x
            Call-ID: {s.Header("Call-ID")}
            CSeq: {s.Header("CSeq")}
            """);
        _pair.Call(to: _script);
        _pair.Network.Run(100);
        Assert.Empty(_pair.A.Log);
    }

    private void Answer(Sent request, int status, string reason, string toTag = "", string? extra = null) => _script.Send(_pair.Alice, $"""
        SIP/2.0 {status} {reason}
        Via: {request.Header("Via")}
        From: {request.Header("From")}
        To: {request.Header("To")}{toTag}
        Call-ID: {request.Header("Call-ID")}
        CSeq: {request.Header("CSeq")}{(extra is null ? "" : "\r\n" + extra)}
        """);
}
