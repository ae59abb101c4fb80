/// Agents take turns.
public sealed class RotatingAgents : RoutingLogic
{
    private static readonly string[] Agents = ["4101", "4102", "4103"];

    public override Decision Start(Conversation conv)
    {
        string first = conv.Rotate("agents", Agents);
        var others = Agents.Where(a => a != first);
        return others.Aggregate(Handoff.Invite(first, outboundEndpoint: "pstn"), (step, agent) => step.OrElse(Handoff.Invite(agent, outboundEndpoint: "pstn")));
    }
}
