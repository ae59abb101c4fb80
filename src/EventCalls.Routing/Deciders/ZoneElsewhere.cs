namespace EventCalls.Routing.Deciders;

/// <summary>Whether a time zone shows what rests on that of this machine, which may be any: it has another offset here in winter, and in summer.</summary>
internal static class ZoneElsewhere
{
    private static readonly DateTimeOffset[] s_seasons = [new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero), new(2026, 7, 15, 12, 0, 0, TimeSpan.Zero)];

    /// <summary>Whether it does; a zone that this machine does not know has no offset to compare, and does.</summary>
    public static bool Is(string id)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return true;
        return s_seasons.All(at => zone.GetUtcOffset(at) != TimeZoneInfo.Local.GetUtcOffset(at));
    }
}
