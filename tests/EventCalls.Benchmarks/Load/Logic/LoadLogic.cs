using EventCalls.Routing;

// Dialling «refer» gives the call back by REFER, dialling «invite» connects it to the target.
public sealed class LoadLogic : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
        conv.State["customer_id"] = conv.SipHeaders["X-Customer-ID"];
        return conv.GotoFlow(conv.CalleeNumber);
    }

    [Flow("refer")]
    public Decision Refer(Conversation conv) =>
        Handoff.Refer("sip:support@example.com", phoneNumber: conv.CallerNumber).WithHeader("X-Caller-ID", conv.CallerNumber);

    [Flow("invite")]
    public Decision Invite(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "target", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Customer-ID", (string?)conv.State["customer_id"]);
}
