// Decided the recorded calls beside this folder that the demo has none of: look-ups, state of every kind, the clock, chance, odd texts, and numbers for which it fails.
public sealed class Switchboard : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        if (conv.CalleeNumber == "+15550009")
            return conv.GotoFlow("from_a_table");
        conv.State["from"] = conv.SipHeaders["From"];
        conv.State["branch"] = conv.Lookup("branch", conv.CalleeNumber);
        conv.State["nobody"] = conv.Lookup("branch", conv.CallerNumber);
        conv.State["at"] = conv.Now.ToString("O");
        conv.State.Set("draw", conv.Random.Next(1_000_000));
        conv.State.Set("tries", 0);
        conv.State.Set("rate", 1.5m);
        conv.State.Set("list", new[] { "é", "\"quoted\"", "日本語", "😀", "<&>'+", "\\ \t" });
        return conv.CalleeNumber switch
        {
            "+15550001" => conv.GotoFlow("every_method"),
            "+15550002" => conv.GotoFlow("ring"),
            "+15550003" => throw new InvalidOperationException("no \"such\" branch: Zoë’s"),
            "+15550004" => conv.GotoFlow("nowhere"),
            _ => Handoff.Reject(486, "Occupé — try later"),
        };
    }

    public override Decision TransferFailed(Conversation conv)
    {
        conv.State.Set("tries", conv.State.Get<int>("tries") + 1);
        conv.State["last"] = $"{conv.LastTransfer!.Outcome} of {conv.Flow}";
        return conv.State.Get<int>("tries") == 1 ? conv.GotoFlow("voicemail") : base.TransferFailed(conv);
    }

    [Flow("every_method")]
    public Decision EveryMethod(Conversation conv) =>
        Handoff.Invite("+12222222", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber, ringTimeout: TimeSpan.FromSeconds(20))
            .WithHeader("X-Branch", conv.State["branch"])
            .WithHeader("X-Odd", "Zoë \"b\" <c> 'd' + \\ 日本 😀")
            .OrElse(Handoff.Refer("sip:support@example.com", phoneNumber: conv.CallerNumber, notifyTimeout: TimeSpan.FromSeconds(30)).WithHeader("X-Customer-ID", "7"))
            .OrElse(Handoff.Redirect("sip:a@example.com", "sip:b@example.com;transport=tcp"));

    [Flow("ring")]
    public Decision Ring(Conversation conv) => Handoff.Invite("4100", outboundEndpoint: "pstn").OrElse(Handoff.Bye("Nobody — is in"));

    [Flow("voicemail")]
    public Decision Voicemail(Conversation conv) => Handoff.Invite("sip:4800@voicemail.example.com");

    [Flow("from_a_table")]
    public Decision FromATable(Conversation conv) => Handoff.Invite("+12222222", outboundEndpoint: "pstn");
}
