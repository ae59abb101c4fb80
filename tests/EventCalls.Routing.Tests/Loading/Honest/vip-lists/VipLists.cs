using System.Collections.Frozen;

public sealed class VipLists : RoutingLogic
{
    private static readonly FrozenSet<string> s_vips = FrozenSet.Create("+15551234567", "+15557654321");
    private static readonly HashSet<string> s_press = ["+12125550177", "+12125550178"];
    private static readonly List<string> s_blocked = new() { "+19005550166" };
    private static readonly IReadOnlyList<string> s_family = new[] { "+13035550100" };

    public override Decision Start(Conversation conv) => conv.CallerNumber switch
    {
        var n when s_blocked.Contains(n) => Handoff.Reject(603),
        var n when s_vips.Contains(n) || s_family.Contains(n) => Handoff.Invite("4900", outboundEndpoint: "pstn"),
        var n when s_press.Contains(n) => Handoff.Invite("4800", outboundEndpoint: "pstn"),
        _ => Handoff.Invite("4100", outboundEndpoint: "pstn"),
    };
}
