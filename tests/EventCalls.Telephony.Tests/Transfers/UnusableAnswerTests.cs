using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Targets that answer with a session that nobody can talk in.</summary>
public sealed class UnusableAnswerTests : EdgeTest
{
    private const string Head = "v=0\r\no=target 1 1 IN IP4 10.0.0.3\r\ns=-\r\nc=IN IP4 10.0.0.3\r\nt=0 0\r\n";

    public static TheoryData<string?, string, string> Answers => new()
    {
        { null, "application/sdp", "there is none" },
        { $"{Head}m=audio 4006 RTP/AVP 0\r\nm=video 4008 RTP/AVP 31\r\n", "application/sdp", "it has 2 streams where 1 were offered" },
        { Head, "application/sdp", "it has 0 streams where 1 were offered" },
        { $"{Head}m=audio 4006 RTP/AVP 18\r\n", "application/sdp", "it has no codec that was offered" },
        { $"{Head}m=audio 0 RTP/AVP 0\r\n", "application/sdp", "it refuses every stream" },
        { $"{Head}m=video 4006 RTP/AVP 0\r\n", "application/sdp", "its stream 1 is video where audio was offered" },
        { "hello", "application/sdp", "it is no session description" },
        { "hello", "text/plain", "it is text/plain" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    [Trait("RFC", "3261 §13.2.2.4")]
    public void An_answer_that_cannot_be_used_is_acknowledged_and_ended_and_the_next_step_is_tried(string? body, string type, string why)
    {
        Target.OnCall = (_, leg) => leg.Answer(body is null ? null : new Content(type, Encoding.ASCII.GetBytes(body)));
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        Decide(Invite(), Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(["invite", "ack", "bye"], Target.Log);
        Assert.Equal(
            [
                "call_answered target",
                "transfer_failed error",
                "transfer_started 2 invite sip:+12222222@10.0.0.4:5060",
                "call_answered target",
                "call_answered caller",
                "transfer_completed answered",
            ],
            Story()[2..]);
        Assert.Equal($"the target's answer cannot be used: {why}", Single<TransferFailed>().Evidence.ReasonPhrase);
        Assert.Contains("o=second", Caller.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void Without_another_step_the_caller_hears_488()
    {
        Options = Options with { DeadlineMs = 100, DefaultSteps = [Invite()] };
        Target.OnCall = static (_, leg) => leg.Answer(null);
        CallIn();
        Run(500);
        Assert.Equal("call_ended system rejected 488", Story()[^1]);
        Assert.Equal(["488"], Caller.Log);
        Assert.Equal("305 10.0.0.1 \"Incompatible media format\"", Network.Log.Last(sent => sent.Kind == "488" && sent.To.Equals(Caller.Host.EndPoint)).Header("Warning"));
        AssertOver();
    }

    [Theory]
    [InlineData("m=audio 4006 RTP/AVP 8\r\n")]
    [InlineData("m=audio 4006 RTP/AVP 96\r\na=rtpmap:96 PCMU/8000\r\n")]
    [InlineData("m=audio 4006 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=inactive\r\n")]
    [Trait("RFC", "3264 §6")]
    public void An_answer_with_any_offered_codec_is_used(string media)
    {
        Target.OnCall = (_, leg) => leg.Answer(new Content("application/sdp", Encoding.ASCII.GetBytes(Head + media)));
        var offer = new Content("application/sdp", Encoding.ASCII.GetBytes("v=0\r\no=c 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 4004 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n"));
        CallIn("1", offer);
        Decide(Invite());
        Run(200);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    public void A_200_without_a_body_after_early_media_of_the_same_target_has_its_answer_already()
    {
        Target.OnCall = static (phone, leg) => leg.Ring(183, phone.Session());
        CallIn();
        Decide(Invite());
        Run(100);
        ((EventCalls.Sip.Dialogs.IncomingLeg)Target.Leg!).Answer(null);
        Run(100);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    public void A_caller_that_answers_the_targets_session_with_nothing_is_not_connected()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        Caller.OnAsked = static (_, request) => request.Respond(200);
        CallIn();
        Decide(Invite());
        Run(500);
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Assert.StartsWith("caller refused the target's media: in its answer there is none", Single<TransferFailed>().Evidence.ReasonPhrase, StringComparison.Ordinal);
        Assert.Equal("bye", Target.Log[^1]);
    }
}
