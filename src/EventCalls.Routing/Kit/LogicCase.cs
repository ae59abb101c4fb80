using System.Text.Json;

namespace EventCalls.Routing.Kit;

/// <summary>A call, and what the logic is expected to decide of it.</summary>
/// <param name="File">The file it stands in, relative to the logic folder.</param>
/// <param name="Name">What it shows.</param>
/// <param name="Call">The call.</param>
/// <param name="Expected">The members that the decision's JSON form must have; what it leaves out may be anything.</param>
/// <param name="Fails">The cause, by its recorded name, for a decision that is expected to fail; null for one that is not.</param>
public sealed record LogicCase(string File, string Name, TrialCall Call, JsonElement? Expected, string? Fails);

/// <summary>What came of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Differences">What came out otherwise, a line each; empty when it passed.</param>
/// <param name="Decision">The decision in its JSON form, indented; null when there is none.</param>
public sealed record LogicCaseResult(LogicCase Case, IReadOnlyList<string> Differences, string? Decision)
{
    /// <summary>Whether the logic decided as expected.</summary>
    public bool Passed => Differences.Count == 0;
}
