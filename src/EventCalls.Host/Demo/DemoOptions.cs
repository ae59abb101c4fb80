namespace EventCalls.Host.Demo;

/// <summary>What a demo plays.</summary>
/// <param name="Calls">How many calls, 1–10,000.</param>
/// <param name="Seed">Makes the callers, their headers and their patience; the same seed makes the same calls.</param>
internal sealed record DemoOptions(int Calls, int Seed)
{
    public const int MostCalls = 10_000;

    /// <summary>Whose calls are played, over and over in this order.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = ScenarioList.All;
}
