using EventCalls.Import.Calls;
using EventCalls.Import.Csv;

namespace EventCalls.Import;

/// <summary>What is to be imported, and how.</summary>
public sealed record ImportOptions
{
    /// <summary>The files: captures and tables.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Whose calls a capture's are.</summary>
    public required Perspective Perspective { get; init; }

    /// <summary>How tables are read.</summary>
    public required CsvOptions Csv { get; init; }

    /// <summary>Whether nothing is to be stored.</summary>
    public bool IsDryRun { get; init; }
}
