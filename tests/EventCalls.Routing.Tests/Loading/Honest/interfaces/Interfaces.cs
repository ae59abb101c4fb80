/// Steps behind an interface, tried in turn.
public sealed class Steps : RoutingLogic
{
    private interface IStep
    {
        Decision? TryDecide(Conversation conv);
    }

    private sealed class Vip : IStep
    {
        public Decision? TryDecide(Conversation conv) =>
            conv.Lookup("customers.tier", conv.CallerNumber) is "gold" ? conv.GotoFlow("vip") : null;
    }

    private sealed class ByLanguage(string fallback) : IStep
    {
        private readonly List<string> _tried = [];

        public Decision? TryDecide(Conversation conv)
        {
            _tried.Add(conv.SipHeaders["X-Language"] ?? fallback);
            return Handoff.Refer($"sip:{_tried[^1]}@desk.example.com");
        }
    }

    private readonly IStep[] _steps = [new Vip(), new ByLanguage("en")];

    public override Decision Start(Conversation conv)
    {
        foreach (var step in _steps)
        {
            if (step.TryDecide(conv) is { } decision)
                return decision;
        }

        return Handoff.Reject(404);
    }

    [Flow("vip")]
    public Decision VipFlow(Conversation conv) => Handoff.Invite("4900", outboundEndpoint: "pstn");
}
