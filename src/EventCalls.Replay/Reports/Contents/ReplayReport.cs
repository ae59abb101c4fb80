using EventCalls.Replay.Reports.Diffs;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>What a replay came to, for those who have to decide whether the candidate goes live.</summary>
/// <remarks>The single changed calls are not in it, they may be millions: the file of changed calls has them.</remarks>
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

    /// <summary>Calls that the same version decided otherwise, by what came out otherwise.</summary>
    public Listing<NondeterministicGroup> Nondeterministic { get; init; } = new([], 0);

    /// <summary>Calls for which the configured default was taken because the logic matched nothing.</summary>
    public required MatchesNothing MatchesNothing { get; init; }

    /// <summary>What the new targets are expected to give.</summary>
    public required WhatIf WhatIf { get; init; }

    /// <summary>Why the replay is not let pass, a sentence each; empty when nothing was asked, or all of it holds.</summary>
    public IReadOnlyList<string> Tripped { get; init; } = [];

    /// <summary>What the baseline version made of the same calls; null when the candidate was compared with the record.</summary>
    public BaselineReport? Baseline { get; init; }

    /// <summary>The changes that were announced, in the order of their file; empty for none.</summary>
    public IReadOnlyList<ExpectedReport> Expected { get; init; } = [];

    /// <summary>What the replay had to meet: the gate's rules, golden calls and announced changes, as the lines of <see cref="Tripped"/> begin.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>In what the candidate's sources differ from the baseline's, or from those of the version that had decided most calls; empty where those are not known.</summary>
    public SourceChanges Diff { get; init; } = SourceChanges.None;

    /// <summary>How many look-ups were asked of today's tables instead of the record.</summary>
    public long LiveLookups { get; init; }
}

/// <summary>How many calls came out how; the six add up to <see cref="Calls"/>.</summary>
/// <param name="Same">Every decision as it was recorded.</param>
/// <param name="Changed">A decision came out otherwise, and not as was announced.</param>
/// <param name="Errors">The candidate gave nothing usable.</param>
/// <param name="NotReplayable">Nothing can be said.</param>
/// <param name="Nondeterministic">The very version that decided decides otherwise now.</param>
/// <param name="Expected">Decisions came out otherwise as was announced, and in nothing else.</param>
public sealed record ReportTotals(long Same, long Changed, long Errors, long NotReplayable, long Nondeterministic = 0, long Expected = 0)
{
    /// <summary>All calls that were replayed.</summary>
    public long Calls => Same + Changed + Errors + NotReplayable + Nondeterministic + Expected;

    /// <summary>The share of all calls, percent, 0–100; 0 when there are no calls.</summary>
    public double Percent(long count) => Calls == 0 ? 0 : 100.0 * count / Calls;
}

/// <summary>A list whose length is bounded, and what did not fit.</summary>
/// <param name="Items">What is listed, the most frequent first.</param>
/// <param name="Omitted">How many calls belong to kinds that are not listed, because the table was full when they first came; 0 when the list is complete.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, long Omitted)
{
    /// <summary>Whether nothing was left out.</summary>
    public bool IsComplete => Omitted == 0;
}

/// <summary>How many calls went from here to there.</summary>
/// <param name="From">The flow or target as recorded.</param>
/// <param name="To">As the candidate decides; the same as <paramref name="From"/> where it stayed.</param>
/// <param name="Calls">How many calls.</param>
public sealed record Move(string From, string To, long Calls);

/// <summary>How many calls differ in a field, named as <see cref="Calls.FieldChange.Field"/> says.</summary>
public sealed record FieldCount(string Field, long Calls);
