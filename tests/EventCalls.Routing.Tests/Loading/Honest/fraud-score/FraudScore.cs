/// A score of signs, each with a weight.
public sealed class FraudScore : RoutingLogic
{
    [Flags]
    private enum Signs { None = 0, Withheld = 1, Premium = 2, Night = 4, Replayed = 8 }

    private static readonly Dictionary<Signs, int> s_weights = new() { [Signs.Withheld] = 20, [Signs.Premium] = 50, [Signs.Night] = 15, [Signs.Replayed] = 60 };

    private static Signs Of(Conversation conv)
    {
        var signs = Signs.None;
        if (conv.CallerNumber is "" or "anonymous")
            signs |= Signs.Withheld;
        if (conv.CallerNumber.StartsWith("+1900", StringComparison.Ordinal))
            signs |= Signs.Premium;
        if (conv.Now.Hour is < 5 or >= 23)
            signs |= Signs.Night;
        if (int.TryParse(conv.SipHeaders["Max-Forwards"], out int hops) && hops < 20)
            signs |= Signs.Replayed;
        return signs;
    }

    public override Decision Start(Conversation conv)
    {
        var signs = Of(conv);
        int score = Enum.GetValues<Signs>().Where(s => s != Signs.None && signs.HasFlag(s)).Sum(s => s_weights[s]);
        conv.State.Set("fraud", new { Score = score, Signs = signs.ToString() });
        return score switch
        {
            >= 60 => Handoff.Reject(603).Because("fraud"),
            >= 30 => Handoff.Invite("4666", outboundEndpoint: "pstn"),
            _ => Handoff.Invite("4100", outboundEndpoint: "pstn"),
        };
    }
}
