using EventCalls.Contracts;

namespace EventCalls.Replay.Tests.Canary;

/// <summary>Shares of calls for tests.</summary>
internal static class Canaries
{
    public const string Champion = "sha256:a", Challenger = "sha256:b";

    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static CanaryRecord Record(CanaryPlan plan) => new()
    {
        Number = 1,
        Change = CanaryChange.Started,
        Challenger = Challenger,
        Champion = Champion,
        Share = plan.Steps[0].Share,
        Step = 0,
        Plan = plan,
        By = "anna",
        At = Noon,
        Activation = 1,
        Position = 0,
    };
}
