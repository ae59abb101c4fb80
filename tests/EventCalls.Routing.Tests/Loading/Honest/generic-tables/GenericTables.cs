/// A table type of one's own: made once, only read.
public sealed class GenericTables : RoutingLogic
{
    private sealed record Entry<TValue>(string Key, TValue Value);

    private sealed record Table<TValue>(params Entry<TValue>[] Entries)
    {
        public TValue? this[string key] => Entries.FirstOrDefault(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } found ? found.Value : default;

        public int Count => Entries.Length;
    }

    private static readonly Table<int> s_priorities = new(new Entry<int>("gold", 9), new Entry<int>("silver", 5));
    private static readonly Table<TimeSpan> s_rings = new(new Entry<TimeSpan>("gold", TimeSpan.FromSeconds(60)));

    public override Decision Start(Conversation conv)
    {
        string tier = conv.SipHeaders["X-Tier"] ?? "";
        var ring = s_rings[tier];
        return Handoff.Invite($"41{s_priorities[tier]:00}", outboundEndpoint: "pstn", ringTimeout: ring == TimeSpan.Zero ? null : ring);
    }
}
