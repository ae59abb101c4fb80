using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transactions;

public sealed class ServerTransactionTests
{
    private readonly SipPair _pair = new();
    private readonly VirtualHost _script;

    public ServerTransactionTests() => _script = _pair.Network.AddHost("10.0.0.9:5060");

    [Fact]
    [Trait("RFC", "3261 §17.2.1")]
    public void A_repeated_INVITE_gets_the_last_provisional_again_and_makes_no_second_call()
    {
        Invite("1");
        _pair.Network.Run(100);
        _pair.B.Incoming[0].Ring(180);
        _pair.Network.Run(100);
        Invite("1");
        _pair.Network.Run(100);
        Assert.Single(_pair.B.Incoming);
        Assert.Equal(["100", "180", "180"], _script.Received.Select(s => s.Kind));
    }

    [Fact]
    [Trait("RFC", "3261 §17.2.1")]
    public void A_refusal_is_repeated_until_its_ACK()
    {
        Invite("1");
        _pair.Network.Run(100);
        _pair.B.Incoming[0].Reject(486);
        _pair.Network.Run(4_000);
        Assert.Equal(4, _script.Received.Count(s => s.Kind == "486"));
        Ack("1", _script.Received[^1].Header("To")!);
        _pair.Network.Run(60_000);
        Assert.Equal(4, _script.Received.Count(s => s.Kind == "486"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §17.2.1")]
    public void A_refusal_that_is_never_acknowledged_ends_after_Timer_H()
    {
        Invite("1");
        _pair.Network.Run(100);
        _pair.B.Incoming[0].Reject(486);
        _pair.Network.Run(60_000);
        Assert.Equal(11, _script.Received.Count(s => s.Kind == "486"));
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "6026 §7.1")]
    public void A_repeated_INVITE_after_the_2xx_is_absorbed()
    {
        Invite("1");
        _pair.Network.Run(100);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(100);
        Invite("1");
        _pair.Network.Run(100);
        Assert.Equal(1, _script.Received.Count(s => s.Kind == "200"));
        Assert.Single(_pair.B.Incoming);
    }

    [Fact]
    [Trait("RFC", "6026 §7.1")]
    public void A_repeated_INVITE_after_the_ACK_of_the_2xx_is_absorbed_and_by_another_path_still_a_loop()
    {
        Connect();
        Assert.Equal(0, _pair.Bob.Agent!.OpenTransactions);
        Invite("1");
        Invite("2");
        _pair.Network.Run(100);
        Assert.Equal(1, _script.Received.Count(s => s.Kind == "200"));
        Assert.Equal(1, _script.Received.Count(s => s.Kind == "482"));
        Assert.Single(_pair.B.Incoming);
        _pair.B.Incoming[0].Bye();
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §9.2")]
    public void A_CANCEL_after_the_ACK_of_the_2xx_changes_nothing_and_is_answered_200()
    {
        Connect();
        _script.Send(_pair.Bob, """
            CANCEL sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1
            Max-Forwards: 70
            From: <sip:carol@10.0.0.9>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: i1@10.0.0.9
            CSeq: 1 CANCEL
            """);
        _pair.Network.Run(100);
        Assert.Equal("1 CANCEL", _script.Received[^1].Header("CSeq"));
        Assert.Equal("200", _script.Received[^1].Kind);
        Assert.Equal(LegState.Confirmed, _pair.B.Incoming[0].State);
    }

    [Fact]
    [Trait("RFC", "3261 §17.2.2")]
    public void A_repeated_OPTIONS_gets_the_same_answer()
    {
        Options();
        _pair.Network.Run(100);
        Options();
        _pair.Network.Run(100);
        Assert.Equal(2, _script.Received.Count);
        Assert.Equal(_script.Received[0].Text, _script.Received[1].Text);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3581 §4")]
    public void A_response_to_a_request_with_rport_goes_to_its_source_and_says_it()
    {
        Options(";rport");
        _pair.Network.Run(100);
        Assert.Contains("received=10.0.0.9;rport=5060", _script.Received[0].Header("Via"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §18.2.2")]
    public void Without_rport_the_response_goes_to_the_port_in_Via()
    {
        var other = _pair.Network.AddHost("10.0.0.9:5099");
        _script.Send(_pair.Bob, OptionsText("").Replace("10.0.0.9:5060", "10.0.0.9:5099", StringComparison.Ordinal));
        _pair.Network.Run(100);
        Assert.Empty(_script.Received);
        Assert.Single(other.Received);
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.2.2")]
    public void The_same_INVITE_by_another_path_is_refused_as_a_loop()
    {
        Invite("1");
        Invite("2");
        _pair.Network.Run(100);
        Assert.Single(_pair.B.Incoming);
        Assert.Contains(_script.Received, s => s.Kind == "482");
    }

    private void Options(string via = "") => _script.Send(_pair.Bob, OptionsText(via));

    private static string OptionsText(string via) => $"""
        OPTIONS sip:bob@10.0.0.2 SIP/2.0
        Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKo1{via}
        Max-Forwards: 70
        From: <sip:carol@10.0.0.9>;tag=c
        To: <sip:bob@10.0.0.2>
        Call-ID: o1@10.0.0.9
        CSeq: 1 OPTIONS
        """;

    private void Connect()
    {
        Invite("1");
        _pair.Network.Run(100);
        _pair.B.Incoming[0].Answer(SipPair.Offer);
        _pair.Network.Run(100);
        Ack("a", _script.Received[^1].Header("To")!);
        _pair.Network.Run(100);
    }

    private void Invite(string branch) => _script.Send(_pair.Bob, $"""
        INVITE sip:bob@10.0.0.2 SIP/2.0
        Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{branch}
        Max-Forwards: 70
        From: <sip:carol@10.0.0.9>;tag=c
        To: <sip:bob@10.0.0.2>
        Call-ID: i1@10.0.0.9
        CSeq: 1 INVITE
        Contact: <sip:carol@10.0.0.9>
        """);

    private void Ack(string branch, string to) => _script.Send(_pair.Bob, $"""
        ACK sip:bob@10.0.0.2 SIP/2.0
        Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{branch}
        Max-Forwards: 70
        From: <sip:carol@10.0.0.9>;tag=c
        To: {to}
        Call-ID: i1@10.0.0.9
        CSeq: 1 ACK
        """);
}
