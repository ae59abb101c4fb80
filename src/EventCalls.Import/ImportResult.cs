using EventCalls.Contracts;

namespace EventCalls.Import;

/// <summary>What an import came to.</summary>
public sealed class ImportResult
{
    /// <summary>The files, in the order they were read.</summary>
    public List<ImportedFile> Files { get; } = [];

    /// <summary>How many calls were found.</summary>
    public long Calls { get; set; }

    /// <summary>How many were stored, or would be.</summary>
    public long Imported { get; set; }

    /// <summary>How many were in the store already.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>How many legs go out from us and belong to no call that was found.</summary>
    public long UnassignedLegs { get; set; }

    /// <summary>How many attempts to transfer came to which outcome, over the calls found.</summary>
    public SortedDictionary<TransferOutcome, long> Transfers { get; } = [];

    /// <summary>What could not be imported.</summary>
    public ImportProblems Problems { get; } = new();
}
