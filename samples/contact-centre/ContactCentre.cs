// Routing logic of a small contact centre: a sample to start from, and what `eventcalls demo` runs.
// It may be changed while the service runs: what compiles decides the next call, what does not is refused with its line.
using System;
using EventCalls.Routing;

public sealed class ContactCentre : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        // State is recorded with each decision, and is there again when a transfer fails.
        conv.State["customer_id"] = conv.SipHeaders["X-Customer-ID"];

        if (Customers.IsBlocked(conv.CallerNumber))
            return conv.GotoFlow("blocked");
        if (conv.SipHeaders["X-Customer-Tier"] is "platinum" or "gold")
            return conv.GotoFlow("vip_support");

        return conv.CalleeNumber switch
        {
            "+12125550101" => conv.GotoFlow("queue"),
            "+12125550110" => conv.GotoFlow("account"),
            "+12125550111" => conv.GotoFlow("sales"),
            "+12125550120" => conv.GotoFlow("billing"),
            "+12125550121" => conv.GotoFlow("collections"),
            "+12125550130" => conv.GotoFlow("claims"),
            "+12125550140" => conv.GotoFlow("roadside"),
            "+12125550150" => conv.GotoFlow("moved"),
            "+12125550151" => conv.GotoFlow("old_office"),
            "+12125550160" => conv.GotoFlow("night_desk"),
            "+12125550170" => conv.GotoFlow("returned"),
            _ => conv.GotoFlow("support"),
        };
    }

    // Every step of a handoff failed, and the call is still here.
    public override Decision TransferFailed(Conversation conv) => conv.LastTransfer!.Outcome switch
    {
        TransferOutcome.Declined when conv.Flow == "account" => conv.GotoFlow("sales"),
        TransferOutcome.Busy or TransferOutcome.NoAnswer when conv.Flow != "voicemail" => conv.GotoFlow("voicemail"),
        // The SBC took the transfer and said no more: better a clear end than silence.
        TransferOutcome.NoNotify => Handoff.Bye("The transfer did not come about"),
        // A refusal with the status that fits: 404, 486, 502 …
        _ => base.TransferFailed(conv),
    };

    [Flow("support")]
    public Decision Support(Conversation conv) =>
        Handoff.Invite("4100", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Call-Type", "Support")
            .WithHeader("X-Customer-ID", conv.State["customer_id"]);

    // Rings until somebody is free; the caller may wait ten minutes.
    [Flow("queue")]
    public Decision Queue(Conversation conv) =>
        Handoff.Invite("4700", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber, ringTimeout: TimeSpan.FromMinutes(10));

    [Flow("vip_support")]
    public Decision VipSupport(Conversation conv) =>
        Handoff.Invite("4900", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Call-Type", "VIP")
            .WithHeader("X-Customer-ID", conv.State["customer_id"])
            .OrElse(Handoff.Invite("4100", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber));

    [Flow("sales")]
    public Decision Sales(Conversation conv) =>
        Handoff.Invite("4200", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Call-Type", "Sales");

    // Customers with an account manager reach that person first.
    [Flow("account")]
    public Decision Account(Conversation conv) =>
        Customers.AccountManagerOf(conv.State["customer_id"]) is { } extension
            ? Handoff.Invite(extension, outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            : conv.GotoFlow("sales");

    // The SBC takes the call over, and it leaves our path.
    [Flow("billing")]
    public Decision Billing(Conversation conv) =>
        Handoff.Refer("sip:billing@pbx.example.com", phoneNumber: conv.CallerNumber)
            .WithHeader("X-Customer-ID", conv.State["customer_id"]);

    // This partner's SBC reports quickly or not at all.
    [Flow("collections")]
    public Decision Collections(Conversation conv) =>
        Handoff.Refer("sip:dues@partner.example.net", notifyTimeout: TimeSpan.FromSeconds(2));

    // By REFER where the SBC allows it, else bridged: steps are tried in order until one succeeds.
    [Flow("claims")]
    public Decision Claims(Conversation conv) =>
        Handoff.Refer("sip:claims@pbx.example.com", phoneNumber: conv.CallerNumber)
            .OrElse(Handoff.Invite("4300", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber));

    // Who is on duty has two seconds, then the next one is called.
    [Flow("roadside")]
    public Decision Roadside(Conversation conv) =>
        Handoff.Invite("4401", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber, ringTimeout: TimeSpan.FromSeconds(2))
            .OrElse(Handoff.Invite("4402", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber));

    [Flow("old_office")]
    public Decision OldOffice(Conversation conv) => Handoff.Invite("4500", outboundEndpoint: "pstn");

    [Flow("night_desk")]
    public Decision NightDesk(Conversation conv) => Handoff.Invite("4600", outboundEndpoint: "pstn");

    [Flow("voicemail")]
    public Decision Voicemail(Conversation conv) =>
        Handoff.Invite("4800", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
            .WithHeader("X-Why", conv.LastTransfer?.Outcome.ToString());

    // The branch has a number of its own now: the carrier is told where it is.
    [Flow("moved")]
    public Decision Moved(Conversation conv) => Handoff.Redirect("sip:north@branches.example.com");

    [Flow("blocked")]
    public Decision Blocked(Conversation conv) => Handoff.Reject(603);

    [Flow("returned")]
    public Decision Returned(Conversation conv) =>
        Handoff.Bye("Not served here").WithHeader("X-Return-Reason", "not-served");
}
