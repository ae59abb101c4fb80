/// Another try where it may help, and an honest answer where it will not.
public sealed class RetryOnOutcome : RoutingLogic
{
    private static readonly TimeSpan[] s_rings = [TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(40)];

    public override Decision Start(Conversation conv) => Try(conv, 0);

    public override Decision TransferFailed(Conversation conv)
    {
        int tries = conv.State.Get<int>("tries");
        return (conv.LastTransfer!.Outcome, conv.LastTransfer.Status) switch
        {
            (TransferOutcome.Busy, _) when tries < s_rings.Length => Try(conv, tries),
            (TransferOutcome.NoAnswer, _) => Handoff.Refer("sip:voicemail@example.com").Because("no_answer"),
            (_, >= 500 and < 600) => Handoff.Invite("4100", outboundEndpoint: "backup"),
            (_, 404 or 410 or 484) => Handoff.Reject(404),
            _ => base.TransferFailed(conv),
        };
    }

    private static Decision Try(Conversation conv, int tries)
    {
        conv.State.Set("tries", tries + 1);
        return Handoff.Invite("4100", outboundEndpoint: "pstn", ringTimeout: s_rings[tries]);
    }
}
