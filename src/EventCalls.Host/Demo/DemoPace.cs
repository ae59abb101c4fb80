namespace EventCalls.Host.Demo;

/// <summary>How fast calls are made: slowly enough to be followed when they are few, as fast as is sensible when they are many.</summary>
internal static class DemoPace
{
    /// <summary>How many calls may be open at once.</summary>
    public const int MostOpen = 250;

    private const int StartsWithinMs = 5_000;
    private const int FastestMs = 10;
    private const int SlowestMs = 200;

    /// <summary>Starting everything, and the longest call, on a busy machine.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(45);

    /// <summary>The time between two calls.</summary>
    public static TimeSpan Interval(int calls) => TimeSpan.FromMilliseconds(Math.Clamp(StartsWithinMs / calls, FastestMs, SlowestMs));

    /// <summary>When the demo ends, whatever is open then.</summary>
    public static TimeSpan Deadline(int calls) => s_rest + (4 * calls * Interval(calls));
}
