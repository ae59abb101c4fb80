using System.Collections.Immutable;
/// Immutable dictionaries and sets, asked and never gone through.
public sealed class Imm : RoutingLogic
{
    private static readonly ImmutableDictionary<string, string> s_vip = ImmutableDictionary<string, string>.Empty.Add("+49301", "4901").Add("+49302", "4902");
    private static readonly ImmutableHashSet<string> s_blocked = ["+1900", "+1901"];
    public override Decision Start(Conversation conv)
    {
        if (s_blocked.Contains(conv.CallerNumber)) return Handoff.Reject(603);
        return s_vip.TryGetValue(conv.CallerNumber, out string? n) ? Handoff.Invite(n, outboundEndpoint: "pstn") : Handoff.Invite(s_vip.GetValueOrDefault("x", "4100"), outboundEndpoint: "pstn");
    }
}
