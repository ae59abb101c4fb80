using EventCalls.Replay.Calls;
using EventCalls.Replay.Comparing;

namespace EventCalls.Replay.Deciding;

/// <summary>Puts what two versions made of the same past call beside each other: as it was is as the baseline decides now.</summary>
internal static class SideBySide
{
    /// <summary>The verdict on the candidate against the baseline.</summary>
    /// <param name="now">What the candidate came to against the record.</param>
    /// <param name="baseline">What the baseline came to against the record.</param>
    /// <param name="recordedVersion">The version that had decided the call.</param>
    public static ReplayedCall Of(ReplayedCall now, ReplayedCall baseline, string recordedVersion)
    {
        var side = new BaselineVerdict(baseline.Verdict) { IsOwn = baseline.IsOfCandidate, Already = baseline.Changes, RecordedVersion = recordedVersion };
        var both = now with { Baseline = side, LiveLookups = now.LiveLookups + baseline.LiveLookups };
        if (now.Verdict is Verdict.NotReplayable or Verdict.Nondeterministic)
            return both;
        if (now.Verdict == Verdict.Error)
            return FailAlike(now, baseline) ? both with { Verdict = Verdict.Same, Error = null } : both;
        if (baseline.Verdict is Verdict.NotReplayable or Verdict.Nondeterministic)
            return both with { Verdict = Verdict.NotReplayable, Unrecorded = $"with the baseline: {baseline.Unrecorded}", Changes = [] };
        return Compared(both, baseline);
    }

    private static ReplayedCall Compared(ReplayedCall now, ReplayedCall baseline)
    {
        List<FieldChange>? changes = null;
        var decisions = new List<ReplayedDecision>(Math.Min(now.Decisions.Count, baseline.Decisions.Count));
        for (int i = 0; i < Math.Min(now.Decisions.Count, baseline.Decisions.Count); i++)
        {
            var (candidate, before) = (now.Decisions[i], baseline.Decisions[i]);
            var was = before.Now ?? Failed(before.Was);
            decisions.Add(new ReplayedDecision(candidate.Retry, was, candidate.Now));
            if (before.Now is null)
                (changes ??= []).Add(new FieldChange("error", baseline.Error?.Message ?? "no usable decision", null));
            // After another handoff the two calls have nothing in common any more.
            if (DecisionDiff.Add(candidate.Retry, was, candidate.Now!, isImported: false, ref changes))
                break;
        }
        return now with { Decisions = decisions, Verdict = changes is null ? Verdict.Same : Verdict.Changed, Changes = changes ?? [] };
    }

    private static bool FailAlike(ReplayedCall now, ReplayedCall baseline) =>
        baseline.Verdict == Verdict.Error && now.Decisions.Count == baseline.Decisions.Count
        && now.Error!.Cause == baseline.Error!.Cause && now.Error.ExceptionType == baseline.Error.ExceptionType;

    // Live the configured default would have been taken; where to is the configuration's.
    private static Decided Failed(Decided recorded) => new() { Flow = "default", State = Decided.NoState, Steps = [], LogicVersion = recorded.LogicVersion, ByDefault = true };
}
