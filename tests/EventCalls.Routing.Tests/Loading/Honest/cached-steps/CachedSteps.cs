/// What is worked out once a decision is kept in fields of the instance.
public sealed class CachedSteps : RoutingLogic
{
    private readonly Dictionary<string, string?> _tiers = [];
    private readonly Lazy<string> _greeting = new(() => string.Join(' ', "Good", "morning"));
    private int _asked;

    private string? Tier(Conversation conv, string number)
    {
        if (!_tiers.TryGetValue(number, out string? tier))
        {
            _asked++;
            _tiers[number] = tier = conv.Lookup("customers.tier", number);
        }

        return tier;
    }

    public override Decision Start(Conversation conv)
    {
        bool gold = Tier(conv, conv.CallerNumber) == "gold" || Tier(conv, conv.CallerNumber) == "platinum";
        conv.State.Set("asked", _asked);
        return Handoff.Invite(gold ? "4900" : "4100", outboundEndpoint: "pstn").WithHeader("X-Greeting", _greeting.Value);
    }
}
