using System;
using EventCalls.Routing;

// The user part that is dialled is the name of the flow: each test dials the one it is about.
public sealed class InteropLogic : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        conv.State["customer_id"] = conv.SipHeaders["X-Customer-ID"];
        return conv.GotoFlow(conv.CalleeNumber);
    }

    public override Decision TransferFailed(Conversation conv) =>
        conv.Flow == "bridge_then_ask_again" && (string?)conv.State["asked_again"] is null ? conv.GotoFlow("second_try") : base.TransferFailed(conv);

    [Flow("bridge")]
    public Decision Bridge(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "target", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Customer-ID", (string?)conv.State["customer_id"])
            .WithHeader("X-Call-Type", "Support");

    [Flow("bridge_to_agent")]
    public Decision BridgeToAgent(Conversation conv) => Handoff.Invite("sip:agent@127.0.0.1", outboundEndpoint: "target");

    [Flow("bridge_to_agent_recorded")]
    public Decision BridgeToAgentRecorded(Conversation conv) =>
        Handoff.Invite("sip:agent@127.0.0.1", outboundEndpoint: "target").With(step => step with { Record = true });

    [Flow("bridge_behind_prompt")]
    public Decision BridgeBehindPrompt(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "target").WithPrompt("welcome.wav");

    [Flow("bridge_to_second")]
    public Decision BridgeToSecond(Conversation conv) => Handoff.Invite("+13333333", outboundEndpoint: "second");

    [Flow("bridge_briefly")]
    public Decision BridgeBriefly(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "target", ringTimeout: TimeSpan.FromSeconds(1));

    [Flow("bridge_or_second")]
    public Decision BridgeOrSecond(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "target", ringTimeout: TimeSpan.FromSeconds(1))
            .OrElse(Handoff.Invite("+13333333", outboundEndpoint: "second"));

    [Flow("bridge_then_ask_again")]
    public Decision BridgeThenAskAgain(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "target");

    [Flow("second_try")]
    public Decision SecondTry(Conversation conv)
    {
        conv.State["asked_again"] = "yes";
        return Handoff.Invite("+13333333", outboundEndpoint: "second").WithHeader("X-Last-Outcome", conv.LastTransfer?.Outcome.ToString());
    }

    [Flow("refer")]
    public Decision Refer(Conversation conv) =>
        Handoff.Refer("sip:support@example.com", phoneNumber: conv.CallerNumber).WithHeader("X-Caller-ID", conv.CallerNumber);

    [Flow("refer_briefly")]
    public Decision ReferBriefly(Conversation conv) => Handoff.Refer("sip:support@example.com", notifyTimeout: TimeSpan.FromSeconds(2));

    [Flow("refer_to_target")]
    public Decision ReferToTarget(Conversation conv) => Handoff.Refer("+13333333", outboundEndpoint: "target");

    [Flow("refer_or_bridge")]
    public Decision ReferOrBridge(Conversation conv) =>
        Handoff.Refer("sip:support@example.com").OrElse(Handoff.Invite("+12222222", outboundEndpoint: "target", outboundCallerId: conv.CallerNumber));

    [Flow("give_back")]
    public Decision GiveBack(Conversation conv) => Handoff.Bye("No agent is free").WithHeader("X-Return-Reason", "no-agent");

    [Flow("redirect")]
    public Decision Redirect(Conversation conv) => Handoff.Redirect("sip:overflow@127.0.0.1:5999", "sip:voicemail@127.0.0.1:5998");

    [Flow("reject_486")]
    public Decision RejectBusy(Conversation conv) => Handoff.Reject(486);

    [Flow("reject_603")]
    public Decision RejectDecline(Conversation conv) => Handoff.Reject(603, "Not today");

    [Flow("reject_404")]
    public Decision RejectNotFound(Conversation conv) => Handoff.Reject(404);

    [Flow("injects_a_header")]
    public Decision InjectsAHeader(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "target").WithHeader("X-Note", "harmless\r\nX-Evil: yes");

    [Flow("unknown_endpoint")]
    public Decision UnknownEndpoint(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "nowhere");

    [Flow("throws")]
    public Decision Throws(Conversation conv) => throw new InvalidOperationException("this logic always throws");

    [Flow("never_ends")]
    public Decision NeverEnds(Conversation conv)
    {
        while (true)
        {
        }
    }
}
