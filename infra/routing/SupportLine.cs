using EventCalls.Routing;

// Which calls go where. Change it and save: it is compiled and takes over, or is refused with file, line and reason.
public sealed class SupportLine : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
        conv.State["branch"] = conv.CalleeNumber == "+15557654321" ? "North Branch" : "South Branch";
        return conv.CallerNumber == "+15551234567" ? conv.GotoFlow("vip_support") : conv.GotoFlow("general_support");
    }

    // Stays in the call as a bridge; if nobody answers, the carrier is asked to take the call over.
    [Flow("vip_support")]
    public Decision VipSupport(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Call-Type", "Support")
            .OrElse(Handoff.Refer("sip:support@example.com"));

    // The carrier takes the call over at once.
    [Flow("general_support")]
    public Decision GeneralSupport(Conversation conv) =>
        Handoff.Refer("sip:support@example.com")
            .OrElse(Handoff.Invite("+13333333", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber));
}
