using System.Collections.Frozen;

/// Names as people write them.
public sealed class CaseInsensitive : RoutingLogic
{
    private static readonly FrozenDictionary<string, string> s_departments = new Dictionary<string, string>
    {
        ["Sales"] = "4200",
        ["Büro"] = "4500",
        ["Claims"] = "4300",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> s_people = new(StringComparer.OrdinalIgnoreCase) { ["jo"] = "4201", ["al"] = "4202" };

    public override Decision Start(Conversation conv)
    {
        string user = conv.RequestUri.Split('@')[0].Replace("sip:", "", StringComparison.OrdinalIgnoreCase);
        if (s_departments.GetValueOrDefault(Uri.UnescapeDataString(user)) is { } number)
            return Handoff.Invite(number, outboundEndpoint: "pstn");
        foreach (var (name, desk) in s_people)
        {
            if (user.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return Handoff.Invite(desk, outboundEndpoint: "pstn");
        }

        return Handoff.Reject(404);
    }
}
