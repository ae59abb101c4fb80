using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Messages;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>Two user agents on a virtual network, and a scripted host.</summary>
public sealed class SipPair
{
    public static readonly Content Offer = new("application/sdp", Encoding.ASCII.GetBytes("v=0\r\no=a 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));

    public SipPair(int pingAfterMs = 0, params SipExtension[] extensions)
    {
        Alice = Network.AddHost("10.0.0.1:5060");
        Bob = Network.AddHost("10.0.0.2:5060");
        Alice.Start(A, new UserAgentOptions { PingAfterMs = pingAfterMs, Extensions = [ReferExtension.Taken, .. extensions] });
        Bob.Start(B, extensions.Length == 0 ? null : new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken, .. extensions] });
    }

    public VirtualNetwork Network { get; } = new();

    public VirtualHost Alice { get; }

    public VirtualHost Bob { get; }

    public RecordingHandler A { get; } = new();

    public RecordingHandler B { get; } = new();

    public OutgoingLeg Call(Content? content = null, VirtualHost? to = null, EventCalls.Sip.Authentication.Credentials? credentials = null, params LegExtension[] extensions) =>
        Alice.Agent!.Invite(
            new OutgoingInvite
            {
                Hop = Alice.HopTo(to ?? Bob),
                RequestUri = "sip:bob@10.0.0.2",
                From = "<sip:alice@10.0.0.1>",
                To = "<sip:bob@10.0.0.2>",
                Content = content ?? Offer,
                Credentials = credentials,
                Extensions = extensions,
            },
            A);

    /// <summary>A call that Bob answered and Alice acknowledged.</summary>
    public (OutgoingLeg Caller, IncomingLeg Callee) Established()
    {
        var caller = Call();
        Network.Run(50);
        B.Incoming[^1].Answer(Offer);
        Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        return (caller, B.Incoming[^1]);
    }

    public int Count(string kind, string? cseqMethod = null) =>
        Network.Log.Count(s => s.Kind == kind && (cseqMethod is null || s.CSeqMethod == cseqMethod));

    /// <summary>After a BYE nothing is left on one side.</summary>
    public void AssertNothingLeftAt(VirtualHost host, bool isOver)
    {
        if (!isOver)
            return;
        Network.Run(70_000);
        Assert.Equal(0, host.Agent!.OpenLegs);
        Assert.Equal(0, host.Agent.OpenTransactions);
    }

    /// <summary>After everything is over no leg, transaction or timer is left on either side.</summary>
    public void AssertNothingLeft(long after = 70_000)
    {
        Network.Run(after);
        foreach (var agent in new[] { Alice.Agent!, Bob.Agent! })
        {
            Assert.Equal(0, agent.OpenLegs);
            Assert.Equal(0, agent.OpenTransactions);
            Assert.Equal(0, agent.FinishedTransactions);
            Assert.Equal(0, agent.Wheel.Count);
        }
    }
}
