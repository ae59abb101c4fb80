using System;
using EventCalls.Routing;

// The user part that is dialled is the name of the flow; each goes to peers that misbehave in one way.
public sealed class SoakLogic : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
        return conv.GotoFlow(conv.CalleeNumber);
    }

    [Flow("refer")]
    public Decision Refer(Conversation conv) => Handoff.Refer("sip:support@example.com", phoneNumber: conv.CallerNumber);

    [Flow("refer_briefly")]
    public Decision ReferBriefly(Conversation conv) => Handoff.Refer("sip:support@example.com", notifyTimeout: TimeSpan.FromSeconds(5));

    [Flow("bridge")]
    public Decision Bridge(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "answers", outboundCallerId: conv.CallerNumber);

    [Flow("bridge_hangs_up")]
    public Decision BridgeHangsUp(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "hangs_up");

    [Flow("bridge_holds")]
    public Decision BridgeHolds(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "holds");

    [Flow("bridge_rings")]
    public Decision BridgeRings(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "rings", ringTimeout: TimeSpan.FromSeconds(10));

    [Flow("busy_then_answers")]
    public Decision BusyThenAnswers(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "busy").OrElse(Handoff.Invite("+13333333", outboundEndpoint: "answers"));

    [Flow("silent_then_answers")]
    public Decision SilentThenAnswers(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "silent", ringTimeout: TimeSpan.FromSeconds(2)).OrElse(Handoff.Invite("+13333333", outboundEndpoint: "answers"));

    [Flow("reject_486")]
    public Decision Reject(Conversation conv) => Handoff.Reject(486);

    [Flow("throws")]
    public Decision Throws(Conversation conv) => throw new InvalidOperationException("this logic always throws");
}
