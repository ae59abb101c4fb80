// Routing logic for a voice agent in front of people: every call goes to the agent; the agent hands it to people by REFER; without the agent, people get it.
// A sample to start from, with the configuration beside it (appsettings.json).
using System;
using EventCalls.Routing;

public sealed class VoiceAgent : RoutingLogic
{
    private const string Queue = "+15550100";

    public override Decision Start(Conversation conv) =>
        Handoff.Invite(conv.CalleeNumber, outboundEndpoint: "agent", ringTimeout: TimeSpan.FromSeconds(10))
            .WithHeader("X-Call-ID", conv.CallId.ToString())
            // An agent that is down, refuses or does not answer is no reason to lose the call.
            .OrElse(People(conv, Queue))
            .Because("agent_first");

    // One of the two who talk sent us a REFER. What is returned moves the other one; a rejection leaves the two as they are.
    public override Decision ReferRequested(Conversation conv)
    {
        var refer = conv.Refer!;
        if (refer.Leg != "target" || conv.State["with_people"] is not null)
            return base.ReferRequested(conv);
        conv.State["with_people"] = refer.Target;
        return People(conv, refer.Target)
            .WithHeader("User-to-User", refer.Headers["User-to-User"])
            .OrElse(People(conv, Queue))
            .Because("agent_hands_over");
    }

    // The agent has hung up already, and nobody has answered: the queue is asked once more before the caller is let go.
    public override Decision TransferFailed(Conversation conv) =>
        conv.State["asked_again"] is null && conv.LastTransfer!.CallerAnswered ? conv.GotoFlow("ask_again") : base.TransferFailed(conv);

    [Flow("ask_again")]
    public Decision AskAgain(Conversation conv)
    {
        conv.State["asked_again"] = "yes";
        return People(conv, Queue).Because("agent_left");
    }

    private static HandoffStep People(Conversation conv, string number) =>
        Handoff.Invite(number, outboundEndpoint: "people", outboundCallerId: conv.CallerNumber);
}
