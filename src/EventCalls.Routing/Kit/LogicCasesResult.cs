using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Kit;

/// <summary>What came of the cases of a logic folder.</summary>
public sealed record LogicCasesResult
{
    /// <summary>What compiling the folder found; its <see cref="LogicCheck.Logic"/> is null.</summary>
    public required LogicCheck Check { get; init; }

    /// <summary>The cases in the order they ran; empty when the logic or a file of cases cannot be used.</summary>
    public IReadOnlyList<LogicCaseResult> Cases { get; init; } = [];

    /// <summary>Why the cases cannot be read, naming file, case and field; null when they can.</summary>
    public string? Error { get; init; }

    /// <summary>Whether there are cases and all passed.</summary>
    public bool Ok => Error is null && Cases.Count > 0 && Cases.All(c => c.Passed);

    /// <summary>Writes a line for each case, what came out otherwise under it, and how many passed.</summary>
    public void WriteTo(Action<string> line)
    {
        ArgumentNullException.ThrowIfNull(line);
        foreach (var one in Cases)
        {
            line($"{(one.Passed ? "passed" : "FAILED")}  {one.Case.File}  {one.Case.Name}");
            foreach (string difference in one.Differences)
                line($"        {difference}");
            foreach (string decided in one.Passed ? [] : one.Decision?.Split('\n') ?? [])
                line($"          {decided.TrimEnd('\r')}");
        }

        line($"{Cases.Count(c => c.Passed)} of {Cases.Count} passed");
    }
}
