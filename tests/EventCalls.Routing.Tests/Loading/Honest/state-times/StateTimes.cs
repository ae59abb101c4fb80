/// How long a caller has been with us, over several transfers.
public sealed class StateTimes : RoutingLogic
{
    private sealed record Visit(string Queue, DateTimeOffset Since, int Tries);

    public override Decision Start(Conversation conv)
    {
        conv.State.Set("first_seen", conv.Now);
        conv.State.Set("visit", new Visit("4100", conv.Now, 1));
        return Handoff.Invite("4100", outboundEndpoint: "pstn");
    }

    public override Decision TransferFailed(Conversation conv)
    {
        var since = conv.State.Get<DateTimeOffset>("first_seen");
        var visit = conv.State.Get<Visit>("visit")!;
        if (conv.Now - since > TimeSpan.FromMinutes(2) || visit.Tries >= 3)
            return Handoff.Refer("sip:voicemail@example.com");
        conv.State.Set("visit", visit with { Tries = visit.Tries + 1, Queue = "4101" });
        return Handoff.Invite("4101", outboundEndpoint: "pstn");
    }
}
