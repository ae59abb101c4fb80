using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing;

/// <summary>What came of deciding a call that is only thought of.</summary>
public sealed record TrialResult
{
    /// <summary>What compiling the folder found; its <see cref="LogicCheck.Logic"/> is null, its diagnostics say whether it could be used.</summary>
    public required LogicCheck Check { get; init; }

    /// <summary>The decision with all that was read on its way; null when the logic does not compile.</summary>
    public DecisionResult? Decision { get; init; }

    /// <summary>The decision in its JSON form, indented; null when there is none.</summary>
    public string? DecisionJson { get; init; }
}
