/// Rules as data: the first that fits decides.
public sealed class RuleList : RoutingLogic
{
    private sealed class Rule(string name, Func<Conversation, bool> when, Func<Conversation, Decision> then)
    {
        public string Name => name;

        public bool Fits(Conversation conv) => when(conv);

        public Decision Decide(Conversation conv) => then(conv);
    }

    private static IEnumerable<Rule> Rules =>
    [
        new("blocked", conv => conv.CallerNumber.StartsWith("+1900", StringComparison.Ordinal), _ => Handoff.Reject(603)),
        new("emergency", conv => conv.CalleeNumber is "911" or "112", conv => Handoff.Invite(conv.CalleeNumber, outboundEndpoint: "psap")),
        new("toll_free", conv => conv.CalleeNumber is ['+', '1', '8', '0', '0', ..], conv => Handoff.Invite("4100", outboundEndpoint: "pstn")),
        new("other", _ => true, conv => Handoff.Reject(404)),
    ];

    public override Decision Start(Conversation conv)
    {
        var rule = Rules.First(r => r.Fits(conv));
        conv.State["rule"] = rule.Name;
        return rule.Decide(conv);
    }
}
