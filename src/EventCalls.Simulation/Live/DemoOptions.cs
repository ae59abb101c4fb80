namespace EventCalls.Simulation.Live;

/// <summary>What a demo plays.</summary>
/// <param name="Calls">How many calls, 1–10,000.</param>
/// <param name="Seed">Makes the callers, their headers and their patience; the same seed makes the same calls.</param>
public sealed record DemoOptions(int Calls, int Seed)
{
    public const int MostCalls = 10_000;

    /// <summary>Whose calls are played, over and over in this order.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = ScenarioList.All;
}

/// <summary>How fast calls are made: slowly enough to be followed when they are few, as fast as is sensible when they are many.</summary>
public static class DemoPace
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
