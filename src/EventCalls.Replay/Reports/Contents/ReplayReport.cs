namespace EventCalls.Replay.Reports;

/// <summary>What a replay came to, for those who have to decide whether the candidate goes live.</summary>
/// <remarks>The single changed calls are not in it, they may be millions: <see cref="ChangedCalls"/> has them.</remarks>
public sealed record ReplayReport
{
    /// <summary>What was replayed against what.</summary>
    public required ReplayRun Run { get; init; }

    /// <summary>How many calls came out how.</summary>
    public required ReportTotals Totals { get; init; }

    /// <summary>From which flow to which, for the same and the changed calls; a flow that stayed is a move to itself.</summary>
    public required Listing<Move> Flows { get; init; }

    /// <summary>From which first target to which, for the same and the changed calls.</summary>
    public required Listing<Move> Targets { get; init; }

    /// <summary>The changed calls by what became of them, with what they have in common; the largest group first.</summary>
    public required Listing<ChangeGroup> Groups { get; init; }

    /// <summary>How many calls differ in which field, the most frequent first; a call counts once for each of its fields.</summary>
    public required Listing<FieldCount> Fields { get; init; }

    /// <summary>Calls for which the candidate gave nothing usable, by what was thrown and where.</summary>
    public required Listing<ErrorGroup> ErrorGroups { get; init; }

    /// <summary>Calls about which nothing can be said, by what was read that had not been recorded.</summary>
    public required Listing<UnrecordedGroup> Unrecorded { get; init; }

    /// <summary>Calls for which the configured default was taken because the logic matched nothing.</summary>
    public required MatchesNothing MatchesNothing { get; init; }

    /// <summary>What the new targets are expected to give.</summary>
    public required WhatIf WhatIf { get; init; }

    /// <summary>Why the replay is not let pass, a sentence each; empty when nothing was asked, or all of it holds.</summary>
    public IReadOnlyList<string> Tripped { get; init; } = [];

    /// <summary>How many look-ups were asked of today's tables instead of the record.</summary>
    public long LiveLookups { get; init; }
}
