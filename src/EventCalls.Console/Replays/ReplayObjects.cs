using EventCalls.Console.Jobs;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Console.Replays;

/// <summary>What a replay is asked for.</summary>
internal sealed record WantedReplay
{
    /// <summary>A version that is in the store: its hash, or the beginning of it. Else <see cref="Files"/>.</summary>
    public string? Logic { get; init; }

    /// <summary>The files of logic that was never used: name to text.</summary>
    public Dictionary<string, string?>? Files { get; init; }

    /// <summary>Calls that started then or later; a date or a time, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Calls that started before then.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The trunk they came in on.</summary>
    public string? Trunk { get; init; }

    /// <summary>The flow chosen last.</summary>
    public string? Flow { get; init; }

    /// <summary>The dialled number.</summary>
    public string? Callee { get; init; }

    /// <summary>Only so many of them, spread evenly over all.</summary>
    public int? Sample { get; init; }
}

/// <summary>A replay as lists have it.</summary>
/// <param name="job">The replay.</param>
internal sealed class ListedReplay(ReplayJob job)
{
    public Guid ReplayId => job.Id;

    public JobState State => job.State;

    public string By => job.By;

    public DateTimeOffset StartedAt => job.StartedAt;

    public string Logic => job.Logic;

    public string Where => job.Words;

    public long Calls => job.Calls;

    public long Decided => job.Decided;

    public ReportTotals? Totals => job.Totals;

    public string? Problem => job.Problem;
}

/// <summary>The replays of this process.</summary>
/// <param name="Replays">The newest first.</param>
internal sealed record ReplayList(IEnumerable<ListedReplay> Replays);

/// <summary>What a version of logic would have done with one call.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Logic">The version.</param>
/// <param name="Verdict">Its verdict, as replays have it.</param>
/// <param name="Changes">What would be otherwise.</param>
/// <param name="Note">Why nothing can be said, or what the logic threw; null when there is nothing to say.</param>
internal sealed record WhatIfObject(Guid CallId, string Logic, Verdict Verdict, IReadOnlyList<FieldChange> Changes, string? Note)
{
    public static WhatIfObject Of(ReplayedCall call, string logic) =>
        new(call.Call.CallId, logic, call.Verdict, call.Changes, call.Unrecorded ?? call.Error?.Message);
}
