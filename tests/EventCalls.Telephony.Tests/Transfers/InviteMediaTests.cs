using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class InviteMediaTests : EdgeTest
{
    [Fact]
    public void Early_media_is_passed_back_as_received()
    {
        Target.OnCall = (phone, leg) => leg.Ring(183, phone.Session());
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal(["183 with media"], Caller.Log);
        Assert.Contains("o=target 1 1", Caller.Heard);
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(100);
        Assert.Equal(["183 with media", "200"], Caller.Log);
        Assert.Contains("o=target 1 2", Caller.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void Of_several_forks_only_the_first_ones_early_media_reaches_the_caller()
    {
        var proxy = Network.AddHost("10.0.0.9:5060");
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "proxy", To = ["sip:10.0.0.9:5060"] }] };
        string? invite = null;
        proxy.OnReceived = sent =>
        {
            if (sent.Kind != "INVITE")
                return;
            invite = sent.Text;
            proxy.Send(NodeHost, Respond(sent.Text, "183 Session Progress", "fork1", "v=0\r\no=one 1 1 IN IP4 10.0.1.1\r\ns=-\r\nc=IN IP4 10.0.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));
            proxy.Send(NodeHost, Respond(sent.Text, "183 Session Progress", "fork2", "v=0\r\no=two 1 1 IN IP4 10.0.1.2\r\ns=-\r\nc=IN IP4 10.0.1.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));
        };
        CallIn();
        Decide(Invite(endpoint: "proxy"));
        Run(50);
        Assert.Equal(["183 with media"], Caller.Log);
        Assert.Contains("o=one", Caller.Heard);
        proxy.Send(NodeHost, Respond(invite!, "200 OK", "fork2", "v=0\r\no=two 1 2 IN IP4 10.0.1.2\r\ns=-\r\nc=IN IP4 10.0.1.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n", contact: true));
        Run(50);
        Assert.Equal(["183 with media", "200"], Caller.Log);
        // One session of ours goes on, with a newer version and the place where the media now is.
        Assert.Contains("o=one 1 2 IN IP4 10.0.1.1\r\n", Caller.Heard);
        Assert.Contains("c=IN IP4 10.0.1.2\r\n", Caller.Heard);
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void An_offer_that_the_target_makes_is_answered_by_the_callers_ack()
    {
        TargetAnswers();
        Caller.OnAnswered = (phone, leg) =>
        {
            leg.DeferAck();
            leg.Ack(phone.Session());
        };
        CallIn(withOffer: false);
        Decide(Invite());
        Run(100);
        Assert.Equal(["invite", "ack with media"], Target.Log);
        Assert.Contains("o=caller", Target.Heard);
        Assert.Contains("o=target", Caller.Heard);
        Assert.DoesNotContain("o=", Target.Invite);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    /// <summary>A response to a request, as a proxy would forward it.</summary>
    private static string Respond(string request, string status, string tag, string? body, bool contact = false)
    {
        var lines = request.Split("\r\n");
        var kept = lines.Where(l => l.StartsWith("Via:", StringComparison.Ordinal) || l.StartsWith("From:", StringComparison.Ordinal)
            || l.StartsWith("Call-ID:", StringComparison.Ordinal) || l.StartsWith("CSeq:", StringComparison.Ordinal));
        string to = lines.First(l => l.StartsWith("To:", StringComparison.Ordinal));
        string text = $"SIP/2.0 {status}\r\n{string.Join("\r\n", kept)}\r\n{to};tag={tag}\r\n";
        if (contact)
            text += "Contact: <sip:10.0.0.9:5060>\r\n";
        return body is null ? text + "\r\n" : $"{text}Content-Type: application/sdp\r\n\r\n{body}";
    }
}
