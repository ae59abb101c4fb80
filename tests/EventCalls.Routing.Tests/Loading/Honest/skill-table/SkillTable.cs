/// Skills by language and product, in a table that is never written to.
public sealed class SkillTable : RoutingLogic
{
    private static readonly Dictionary<string, string[]> Queues = new(StringComparer.OrdinalIgnoreCase)
    {
        ["de"] = ["4110", "4111"],
        ["fr"] = ["4120"],
        ["en"] = ["4100", "4101", "4102"],
    };

    private static readonly string[] Products = ["billing", "internet", "tv"];

    public override Decision Start(Conversation conv)
    {
        string language = conv.SipHeaders["X-Language"] ?? "en";
        int product = Array.IndexOf(Products, conv.SipHeaders["X-Product"] ?? Products[0]);
        if (!Queues.TryGetValue(language, out var queues))
            queues = Queues["en"];
        string queue = queues[Math.Max(product, 0) % queues.Length];
        conv.State["queue"] = queue;
        return Handoff.Invite(queue, outboundEndpoint: "pstn");
    }
}
