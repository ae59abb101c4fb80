using System.Text.RegularExpressions;

/// The caller as the network asserts it (RFC 3325), before what From says.
public sealed partial class AssertedIdentity : RoutingLogic
{
    [GeneratedRegex("""(?:"(?<name>[^"]*)"\s*)?<(?<scheme>sips?|tel):(?<user>[^@;>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NameAddress();

    private static (string Name, string User)? Parse(string? value)
    {
        if (value is null || NameAddress().Match(value) is not { Success: true } m)
            return null;
        return (m.Groups["name"].Value, Uri.UnescapeDataString(m.Groups["user"].Value));
    }

    public override Decision Start(Conversation conv)
    {
        bool isPrivate = conv.SipHeaders.All("Privacy").Any(p => p.Split(';').Any(v => v.Trim() is "id" or "header"));
        var asserted = conv.SipHeaders.All("P-Asserted-Identity").SelectMany(v => v.Split(',')).Select(v => Parse(v.Trim())).FirstOrDefault(v => v is not null);
        if ((asserted ?? Parse(conv.SipHeaders["From"])) is not var (name, user))
            return Handoff.Reject(400);
        conv.State["name"] = isPrivate ? "withheld" : name;
        return Handoff.Invite("4100", outboundEndpoint: "pstn", outboundCallerId: isPrivate ? null : user);
    }
}
