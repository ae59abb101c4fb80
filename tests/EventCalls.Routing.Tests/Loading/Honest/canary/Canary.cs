/// Five of a hundred calls try the new platform, and fall back to the old one.
public sealed class Canary : RoutingLogic
{
    private const double Share = 5.0;

    public override Decision Start(Conversation conv)
    {
        var old = Handoff.Invite("4100", outboundEndpoint: "pstn", ringTimeout: TimeSpan.FromSeconds(45));
        if (!conv.Random.Percent(Share))
            return old;
        conv.State["canary"] = "yes";
        return Handoff.Refer("sip:next@platform.example.com").WithHeader("X-Canary", "1").OrElse(old);
    }
}
