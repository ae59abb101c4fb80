using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Kit;

/// <summary>What came of the cases of a logic folder, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="result">What came of them.</param>
public sealed class CasesObject(LogicCasesResult result)
{
    // The members are written in the order in which they stand here; what there is none of is null.
    public bool Ok => result.Ok;

    public string LogicVersion => result.Check.Version;

    public int Passed => result.Cases.Count(c => c.Passed);

    public int Failed => result.Cases.Count(c => !c.Passed);

    public IReadOnlyList<CaseObject> Cases => [.. result.Cases.Select(c => new CaseObject(c.Case.File, c.Case.Name, c.Passed, c.Differences))];

    public string? Error => result.Error;

    public IReadOnlyList<LogicDiagnostic> Diagnostics => result.Check.Diagnostics;
}

/// <summary>What came of a case.</summary>
/// <param name="File">The file it stands in, relative to the logic folder.</param>
/// <param name="Name">What it shows.</param>
/// <param name="Passed">Whether the logic decided as expected.</param>
/// <param name="Differences">What came out otherwise, a line each.</param>
public sealed record CaseObject(string File, string Name, bool Passed, IReadOnlyList<string> Differences);
