/// The same by a dictionary that is asked for ever shorter prefixes, through a method of one's own.
public sealed class PrefixDictionary : RoutingLogic
{
    private static readonly IReadOnlyDictionary<string, string> Carriers = new Dictionary<string, string>
    {
        ["+1"] = "carrier_a",
        ["+1800"] = "carrier_b",
        ["+49"] = "carrier_c",
    };

    private static T? Longest<T>(IReadOnlyDictionary<string, T> table, string number)
        where T : class
    {
        for (int length = number.Length; length > 0; length--)
        {
            if (table.TryGetValue(number[..length], out var found))
                return found;
        }

        return null;
    }

    public override Decision Start(Conversation conv) =>
        Longest(Carriers, conv.CalleeNumber) is { } carrier
            ? Handoff.Invite(conv.CalleeNumber, outboundEndpoint: carrier, outboundCallerId: conv.CallerNumber)
            : Handoff.Reject(404);
}
