using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What is asked within a call besides its session: it reaches the other side, is taken here, or is refused, and never only seems to.</summary>
public sealed class InfoTests : EdgeTest
{
    [Theory]
    [InlineData(SipMethod.Info, "application/x", "480")]
    [InlineData(SipMethod.Message, "text/plain", "480")]
    [InlineData(SipMethod.Info, null, "200")]
    [InlineData(SipMethod.Update, null, "200")]
    public void Before_the_answer_what_nobody_gets_is_refused_and_an_empty_question_is_answered(SipMethod method, string? type, string answer)
    {
        string name = $"{method}".ToUpperInvariant();
        Options = Options with { PendingRing = PendingRing.Ringing };
        CallIn();
        Assert.Equal(answer, AskEarly(name, type, type is null ? "" : "hello").Kind);
        Decide(Invite());
        Run(50);
        Target.Leg!.Request(method, Body(type, "hello"), null, Target);
        Run(50);
        Assert.Equal($"{name} {answer}", Target.Log[^1]);
        Assert.Equal(1, Shard.Calls.Count);
    }

    [Fact]
    public void On_hold_what_nobody_gets_is_refused()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        CallIn();
        Run(50);
        Caller.Leg!.Request(SipMethod.Message, Body("text/plain", "hello"), null, Caller);
        Run(50);
        Assert.Equal("MESSAGE 480", Caller.Log[^1]);
    }

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5", 160)]
    [InlineData("application/dtmf-relay", "Signal= *\r\nDuration= 250", "*", 250)]
    [InlineData("application/dtmf-relay", "signal=11", "#", null)]
    [InlineData("Application/DTMF", "7\r\n", "7", null)]
    [InlineData("application/dtmf", "d", "D", null)]
    [InlineData("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=9\r\nDuration=100\r\n--b--\r\n", "9", 100)]
    public void A_digit_in_an_INFO_is_recorded_before_and_after_the_answer(string type, string body, string digit, int? durationMs)
    {
        Options = Options with { PendingRing = PendingRing.Ringing };
        CallIn();
        Assert.Equal("200", AskEarly("INFO", type, body).Kind);
        var heard = Single<DtmfReceived>();
        Assert.Equal(("caller", digit, durationMs), (heard.Leg, heard.Digit, heard.DurationMs));
        TargetAnswers();
        Decide(Invite());
        Run(100);
        Target.Leg!.Request(SipMethod.Info, Body(type, body), null, Target);
        Run(50);
        Assert.Equal("INFO WITH BODY", Caller.Log[^1]);
        Assert.Equal("INFO 200", Target.Log[^1]);
        Assert.Equal(("target", digit), (Last<DtmfReceived>().Leg, Last<DtmfReceived>().Digit));
        Caller.Leg!.Bye();
        Run(50);
        AssertOver();
    }

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=16")]
    [InlineData("application/dtmf-relay", "Duration=160")]
    [InlineData("application/dtmf", "55")]
    [InlineData("text/plain", "5")]
    public void What_is_no_digit_is_not_recorded_as_one(string type, string body)
    {
        Bridge();
        Caller.Leg!.Request(SipMethod.Info, Body(type, body), null, Caller);
        Run(50);
        Assert.Equal("INFO WITH BODY", Target.Log[^1]);
        Assert.Empty(Journal.Events.OfType<DtmfReceived>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "5057 §5.1")]
    public void A_side_that_answers_a_passed_INFO_481_is_gone_and_the_call_ends(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asked.OnAsked = (_, request) => request.Respond(481);
        asking.Leg!.Request(SipMethod.Info, Body("application/x", "y"), null, asking);
        Run(100);
        Assert.Equal(["INFO 504", "bye"], asking.Log[^2..]);
        Assert.Equal("call_ended system peer_silent", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_body_without_a_type_is_passed_on_without_an_empty_Content_Type()
    {
        Bridge();
        Caller.Leg!.Request(SipMethod.Info, new Content("", "x"u8.ToArray()), null, Caller);
        Run(50);
        Assert.Equal("INFO 200", Caller.Log[^1]);
        Assert.Equal(2, Network.Log.Count(s => s.Kind == "INFO" && s.Body == "x"));
        Assert.DoesNotContain(Network.Log, s => s.Header("Content-Type") == "");
    }

    [Fact]
    [Trait("RFC", "3261 §7.3.1")]
    public void A_folded_Content_Type_is_passed_on()
    {
        Bridge();
        Caller.Leg!.Request(SipMethod.Info, Body("application/x", "y"), null, Caller);
        Run(50);
        var info = Network.Log.First(s => s.Kind == "INFO");
        Caller.Host.Send(NodeHost, info.Text
            .Replace("application/x", "application/x;\r\n a=b", StringComparison.Ordinal)
            .Replace($"CSeq: {info.Header("CSeq")}", "CSeq: 99 INFO", StringComparison.Ordinal));
        Run(50);
        Assert.Equal("application/x; a=b", Network.Log.Last(s => s.Kind == "INFO").Header("Content-Type"));
        Assert.Equal(1, Shard.Calls.Count);
    }

    private static Content? Body(string? type, string text) => type is null ? null : new Content(type, Encoding.ASCII.GetBytes(text));
}
