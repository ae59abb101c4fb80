/// A menu that walks a tree, by what the caller pressed so far.
public sealed class SimulatedIvr : RoutingLogic
{
    private sealed record Node(string Prompt, string? Target = null)
    {
        public IReadOnlyDictionary<char, Node> Next { get; init; } = new Dictionary<char, Node>();
    }

    private static readonly Node s_root = new("welcome")
    {
        Next = new Dictionary<char, Node>
        {
            ['1'] = new("sales") { Next = new Dictionary<char, Node> { ['1'] = new("new", "4210"), ['2'] = new("existing", "4220") } },
            ['2'] = new("service", "4300"),
        },
    };

    public override Decision Start(Conversation conv)
    {
        var node = s_root;
        foreach (char digit in conv.SipHeaders["X-Digits"] ?? "")
        {
            if (!node.Next.TryGetValue(digit, out var next))
                break;
            node = next;
        }

        conv.State["prompt"] = node.Prompt;
        return Handoff.Invite(node.Target ?? "0", outboundEndpoint: "pstn");
    }
}
