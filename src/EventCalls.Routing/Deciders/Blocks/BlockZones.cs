namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>The time zones that second decisions are taken in, in turn: with and without daylight saving, of both hemispheres, not by whole hours.</summary>
internal static class BlockZones
{
    private static readonly string[] s_names =
        ["Pacific/Chatham", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Pacific/Marquesas", "Europe/Dublin", "Etc/GMT+12"];

    private static readonly Lazy<int[]> s_elsewhere = new(() => [.. Enumerable.Range(0, s_names.Length).Where(i => ZoneElsewhere.Is(s_names[i]))]);

    /// <summary>The number of the zone of a block, of those that are not like this machine's.</summary>
    public static int Of(int block) => s_elsewhere.Value[block % s_elsewhere.Value.Length];

    /// <summary>Puts this process, which does nothing else, into one of them.</summary>
    public static void Use(int number)
    {
        Environment.SetEnvironmentVariable("TZ", s_names[number % s_names.Length]);
        TimeZoneInfo.ClearCachedData();
    }
}
