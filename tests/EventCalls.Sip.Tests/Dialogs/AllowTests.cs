using EventCalls.Sip.Messages;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>What Allow says is what a peer meets: in every message that carries it, and for every method there is.</summary>
public sealed class AllowTests
{
    private readonly SipPair _pair = new();
    private readonly VirtualHost _script;

    public AllowTests() => _script = _pair.Network.AddHost("10.0.0.9:5060");

    public static TheoryData<string> Methods
    {
        get
        {
            var methods = new TheoryData<string> { "BREW" };
            foreach (var method in Enum.GetValues<SipMethod>())
            {
                if (method is not (SipMethod.Other or SipMethod.Ack or SipMethod.Cancel))
                    methods.Add(SipText.Get(SipMethods.Name(method)));
            }
            return methods;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    [Trait("RFC", "3261 §20.5")]
    public void Outside_a_dialog_what_OPTIONS_allows_is_taken_and_nothing_else(string method)
    {
        string allow = Outside("OPTIONS").Header("Allow")!;
        var answer = Outside(method);
        if (allow.Split(", ").Contains(method))
            Assert.DoesNotContain(answer.Kind, (string[])["405", "501"]);
        else
            AssertRefused(answer, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    [Trait("RFC", "3261 §20.5")]
    public void Within_a_dialog_what_the_2xx_allowed_is_taken_and_nothing_else(string method)
    {
        var answered = Established();
        string allow = answered.Header("Allow")!;
        var answer = Within(answered, method);
        if (allow.Split(", ").Contains(method))
            Assert.DoesNotContain(answer.Kind, (string[])["405", "501"]);
        else
            AssertRefused(answer, method);
    }

    [Fact]
    [Trait("RFC", "3261 §20.5")]
    public void Every_message_of_a_dialog_that_carries_Allow_says_the_same()
    {
        var (caller, callee) = _pair.Established();
        caller.ReInvite(SipPair.Offer, null, _pair.A);
        _pair.Network.Run(100);
        callee.Request(SipMethod.Update, SipPair.Offer, null, _pair.B);
        caller.Request(SipMethod.Options, null, null, _pair.A);
        _pair.Network.Run(100);
        // Alice's handler takes REFER and Bob's does too; each says so in each of its messages.
        var said = _pair.Network.Log.Where(s => s.Header("Allow") is not null).ToList();
        Assert.Equal(7, said.Count);
        Assert.Single(said.Select(s => s.Header("Allow")).Distinct());
    }

    [Fact]
    [Trait("RFC", "3261 §21.4.6")]
    public void A_405_does_not_allow_the_method_it_refuses()
    {
        var (caller, _) = _pair.Established();
        _pair.B.Requested = (_, request) => request.Respond(405);
        caller.Request(SipMethod.Info, null, null, _pair.A);
        _pair.Network.Run(100);
        string allow = _pair.Network.Log.Single(s => s.Kind == "405").Header("Allow")!;
        Assert.DoesNotContain("INFO", allow, StringComparison.Ordinal);
        Assert.Contains("UPDATE", allow, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §21.4.6")]
    public void A_call_that_is_rejected_405_is_told_what_else_is_allowed()
    {
        Outside("INVITE");
        _pair.B.Incoming[^1].Reject(405);
        _pair.Network.Run(50);
        string allow = _script.Received[^1].Header("Allow")!;
        Assert.DoesNotContain("INVITE", allow, StringComparison.Ordinal);
        Assert.Contains("OPTIONS", allow, StringComparison.Ordinal);
    }

    private static void AssertRefused(Sent answer, string method)
    {
        Assert.Equal(method == "BREW" ? "501" : "405", answer.Kind);
        Assert.DoesNotContain(method, answer.Header("Allow")!.Split(", "));
    }

    private Sent Outside(string method)
    {
        _script.Send(_pair.Bob, $"""
            {method} sip:bob@10.0.0.2 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKout{method}
            Max-Forwards: 70
            From: <sip:carol@10.0.0.9>;tag=c
            To: <sip:bob@10.0.0.2>
            Call-ID: out-{method}
            CSeq: 1 {method}
            Contact: <sip:carol@10.0.0.9>
            """);
        _pair.Network.Run(50);
        return _script.Received[^1];
    }

    private Sent Established()
    {
        Outside("INVITE");
        _pair.B.Incoming[^1].Answer(SipPair.Offer);
        _pair.Network.Run(50);
        var answered = _script.Received.Last(s => s.Kind == "200");
        Within(answered, "ACK", 1);
        return answered;
    }

    private Sent Within(Sent answered, string method, int cseq = 2)
    {
        _script.Send(_pair.Bob, $"""
            {method} sip:10.0.0.2:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKin{method}
            Max-Forwards: 70
            From: {answered.Header("From")}
            To: {answered.Header("To")}
            Call-ID: {answered.Header("Call-ID")}
            CSeq: {cseq} {method}
            Contact: <sip:carol@10.0.0.9>
            """);
        _pair.Network.Run(50);
        return _script.Received[^1];
    }
}
