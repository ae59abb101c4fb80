using System.Text.RegularExpressions;

/// Numbers by patterns that the compiler turns into code.
public sealed partial class Numbers : RoutingLogic
{
    [GeneratedRegex(@"^\+1(?<area>\d{3})\d{7}$", RegexOptions.CultureInvariant)]
    private static partial Regex NorthAmerican();

    [GeneratedRegex("^sips?:(?<user>[^@;]+)@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex User { get; }

    public override Decision Start(Conversation conv)
    {
        if (NorthAmerican().Match(conv.CallerNumber) is { Success: true } match)
        {
            conv.State["area"] = match.Groups["area"].Value;
            return Handoff.Invite($"41{match.Groups["area"].ValueSpan[..2]}", outboundEndpoint: "pstn");
        }

        string user = User.Match(conv.RequestUri).Groups["user"].Value;
        return Handoff.Refer($"sip:{user}@desk.example.com");
    }
}
