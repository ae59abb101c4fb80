/// One logic for many customers: who it is follows from the trunk, what they want from a table.
public sealed class MultiTenant : RoutingLogic
{
    private abstract record Plan(string Name)
    {
        public abstract Decision Route(Conversation conv);
    }

    private sealed record DeskPlan(string Name, string Number) : Plan(Name)
    {
        public override Decision Route(Conversation conv) => Handoff.Invite(Number, outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber);
    }

    private sealed record SitePlan(string Name, params string[] Sites) : Plan(Name)
    {
        public override Decision Route(Conversation conv) => Handoff.Redirect(Sites);
    }

    private static Plan? Of(Conversation conv, string tenant) => conv.Lookup("tenants.plan", tenant)?.Split(':') switch
    {
        ["desk", var number] => new DeskPlan(tenant, number),
        ["sites", .. var sites] when sites.Length > 0 => new SitePlan(tenant, sites.Select(s => $"sip:{s}@{tenant}.example.com").ToArray()),
        _ => null,
    };

    public override Decision Start(Conversation conv)
    {
        string tenant = conv.Trunk.Split('-', 2)[0];
        conv.State["tenant"] = tenant;
        return Of(conv, tenant)?.Route(conv) ?? Handoff.Reject(403, $"No plan for {tenant}");
    }
}
