using System.Collections.Frozen;
/// Tables by two values at once, frozen: they are asked, never gone through.
public sealed class FrozenTuples : RoutingLogic
{
    private sealed record Desk(string Number, TimeSpan Ring);
    private readonly record struct Key(string Country, DayOfWeek Day);
    private static readonly FrozenDictionary<(string Country, bool Weekend), Desk> s_desks = new Dictionary<(string, bool), Desk> { [("de", false)] = new("4100", TimeSpan.FromSeconds(20)), [("de", true)] = new("4200", TimeSpan.FromSeconds(40)) }.ToFrozenDictionary();
    private static readonly FrozenSet<Key> s_closed = [new("de", DayOfWeek.Sunday), new("at", DayOfWeek.Saturday)];
    public override Decision Start(Conversation conv)
    {
        string country = conv.CallerNumber.StartsWith("+49", StringComparison.Ordinal) ? "de" : "at";
        if (s_closed.Contains(new Key(country, conv.Now.DayOfWeek))) return Handoff.Bye("closed");
        bool weekend = conv.Now.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return s_desks.TryGetValue((country, weekend), out var desk) ? Handoff.Invite(desk.Number, outboundEndpoint: "pstn", ringTimeout: desk.Ring) : Handoff.Invite(s_desks[("de", false)].Number, outboundEndpoint: "pstn");
    }
}
