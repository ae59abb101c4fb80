/// The region of a number: the longest prefix that fits.
public sealed class LongestPrefix : RoutingLogic
{
    private static readonly (string Prefix, string Region)[] s_prefixes =
    [
        ("+1", "us"), ("+1212", "ny"), ("+1416", "ca"), ("+44", "uk"), ("+4420", "london"), ("+49", "de"),
    ];

    private static string Region(string number)
    {
        (string Prefix, string Region) best = ("", "world");
        foreach (var entry in s_prefixes)
        {
            if (entry.Prefix.Length > best.Prefix.Length && number.StartsWith(entry.Prefix, StringComparison.Ordinal))
                best = entry;
        }

        return best.Region;
    }

    public override Decision Start(Conversation conv) => Handoff.Refer($"sip:{Region(conv.CallerNumber)}@regions.example.com");
}
