using System.Globalization;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports;

/// <summary>The sentences and figures of a report, the same on a screen, on a page and on paper.</summary>
public static class ReportWords
{
    private const int MostNamed = 4;

    /// <summary>A number with its thousands apart: <c>9,585</c>.</summary>
    public static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary><c>1 call</c>, <c>412 calls</c>.</summary>
    public static string Calls(long count) => count == 1 ? "1 call" : $"{Number(count)} calls";

    /// <summary>A share as percent; never rounded to none or to all when it is neither.</summary>
    public static string Percent(double fraction) => fraction switch
    {
        <= 0 => "0 %",
        >= 1 => "100 %",
        < 0.001 => "<0.1 %",
        > 0.999 => ">99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.0} %"),
    };

    /// <summary>A share of a whole as percent; 0 of nothing.</summary>
    public static string Percent(long count, long of) => Percent(of == 0 ? 0 : (double)count / of);

    /// <summary>A rate with its interval: <c>80.0 % (71.1–86.7 %)</c>.</summary>
    public static string Rate(Estimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return string.Create(CultureInfo.InvariantCulture, $"{Percent(estimate.Value)} ({estimate.Low * 100:0.0}–{estimate.High * 100:0.0} %)");
    }

    /// <summary>How many of the calls to these targets would be answered: <c>81.2 % (64.7–91.1 %)</c>, <c>64.7 % or more</c> where only fallbacks have results, or <c>not known</c>.</summary>
    public static string Answered(WhatIfTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        // Of what is a bound already the lower end is shown: few attempts that were all answered are no promise of 100 %.
        return (target.Predicted ?? target.Expected) is { } rate ? Rate(rate.Answered) : target.AtLeast is { } least ? $"{Percent(least.Low)} or more" : "not known";
    }

    /// <summary>What the replay came to, in sentences, the most important first.</summary>
    public static IReadOnlyList<string> Headline(ReplayReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var totals = report.Totals;
        if (totals.Calls == 0)
            return ["No call was decided again: nothing can be said about the candidate."];
        var sentences = new List<string>
        {
            totals.Changed == 0
                ? $"None of {Calls(totals.Calls)} is known to be decided otherwise."
                : $"{Number(totals.Changed)} of {Calls(totals.Calls)} ({Percent(totals.Changed, totals.Calls)}) would be decided otherwise.",
        };
        if (totals.Expected > 0)
            sentences.Add($"Another {Number(totals.Expected)} ({Percent(totals.Expected, totals.Calls)}) would be decided otherwise as was announced: they are counted apart.");
        if (report.Baseline is { } baseline)
            sentences.AddRange(Against(baseline));
        if (totals.Errors > 0)
            sentences.Add($"For {Calls(totals.Errors)} ({Percent(totals.Errors, totals.Calls)}) the candidate gives no usable decision; live they would take the configured default.");
        if (totals.NotReplayable > 0)
            sentences.Add($"About {Calls(totals.NotReplayable)} ({Percent(totals.NotReplayable, totals.Calls)}) nothing can be said: the decision rests on something that was not recorded.");
        if (totals.Nondeterministic > 0)
            sentences.Add($"{Calls(totals.Nondeterministic)} ({Percent(totals.Nondeterministic, totals.Calls)}) the very version that decided decides otherwise now: the logic is not deterministic, and nothing else here can be relied on.");
        if (report.MatchesNothing.Newly > 0)
            sentences.Add($"{Calls(report.MatchesNothing.Newly)} would match nothing any more, and take the configured default.");
        if (report.Run.Cancelled)
            sentences.Add("The run was stopped: these are the figures of the calls decided until then.");
        if (report.Run.LiveHandoffs)
            sentences.Add("Destinations named by the logic are today's, not those of the recorded calls.");
        if (report.Run.LiveLookups)
            sentences.Add($"{Number(report.LiveLookups)} look-ups that had never been recorded were asked of today's tables.");
        return sentences;
    }

    /// <summary>What the baseline made of the calls by itself: what was changed before, and how far the report can be believed.</summary>
    public static IReadOnlyList<string> Against(BaselineReport baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        var sentences = new List<string>
        {
            baseline.AlreadyChanged == 0
                ? "Both versions decided every call: the baseline decides none otherwise than recorded."
                : $"Both versions decided every call: the baseline {(baseline.OwnOtherwise < baseline.AlreadyChanged ? "already " : "")}decides {Calls(baseline.AlreadyChanged)} otherwise than recorded, which is no doing of the candidate ({string.Join(", ", baseline.AlreadyFields.Items.Take(MostNamed).Select(f => f.Field))}).",
        };
        if (baseline.OwnOtherwise > 0)
            sentences.Add($"{(baseline.OwnOtherwise == baseline.AlreadyChanged ? "It had decided them" : $"{Number(baseline.OwnOtherwise)} of them it had decided")} itself: they come out otherwise by what both versions are given now in place of what was recorded (tokens of an anonymized history, --set, or today's look-ups, destinations and trunks). What the candidate changes where these calls went does not show.");
        sentences.Add(
            baseline.OwnCalls == 0 ? "Noise: not measured, as the baseline had decided none of these calls itself."
                : baseline.OwnCalls == baseline.OwnOtherwise ? "Noise: not measured, as both versions are given something else than was recorded with every call that the baseline had decided."
                : $"Noise: of {(baseline.OwnOtherwise > 0 ? "the other " : "")}{Calls(baseline.OwnCalls - baseline.OwnOtherwise)} that the baseline itself had decided, it decides {Number(baseline.Noise)} otherwise now ({Percent(baseline.Noise, baseline.OwnCalls - baseline.OwnOtherwise)}).");
        if (baseline.Errors > 0)
            sentences.Add($"For {Calls(baseline.Errors)} the baseline gives no usable decision.");
        return sentences;
    }

    /// <summary>What changed in a group: <c>support → vip_support</c>.</summary>
    public static string Title(ChangeGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var after = group.Retry switch
        {
            0 => "",
            1 => "After a failed handoff: ",
            _ => $"After {Number(group.Retry)} failed handoffs: ",
        };
        var from = Flows(group);
        if (group.FromTarget is { } target)
            return $"{after}{from}: {target} → {group.ToTarget}";
        return group.ToFlow is { } to ? $"{after}{from} → {to}" : $"{after}{from}: same target, other {group.ChangedFields}";
    }

    /// <summary>The causes of a group, or why there are none, a sentence each.</summary>
    public static IReadOnlyList<string> Causes(ChangeGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var sentences = new List<string>();
        foreach (var cause in group.Causes)
        {
            var precision = cause.Others.Count == 0 ? "" : $" ({Percent(cause.Precision)} of all such calls are in this group)";
            sentences.Add(
                $"{Capital(cause.Text)}: true of {Number(cause.Changed.Count)} of {Number(cause.Changed.Of)} changed calls, and of {Number(cause.Others.Count)} of {Number(cause.Others.Of)} others{precision}.");
            if (cause.Equivalents.Count > 0)
                sentences.Add($"The very same calls: {string.Join("; ", cause.Equivalents)}. The calls alone cannot tell which of these is read.");
        }
        switch (group.Finding)
        {
            case CauseFinding.Found when group.Unexplained > 0:
                sentences.Add($"No common cause was found for the other {Number(group.Unexplained)} of {Number(group.SampledCalls)}.");
                break;
            case CauseFinding.WholeFlow when group.Others == 0:
                sentences.Add(group.FromFlows.Count == 1
                    ? $"Every call whose old flow was {group.FromFlows[0]} changed like this: no condition, the flow itself."
                    : "Every replayed call changed like this, whatever its flow.");
                break;
            case CauseFinding.WholeFlow when group.Unchanged == 0:
                sentences.Add(group.FromFlows.Count == 1
                    ? $"No call whose old flow was {group.FromFlows[0]} stays as it was: {Number(group.Calls)} changed like this, {Number(group.Others)} otherwise."
                    : $"No replayed call stays as it was: {Number(group.Calls)} changed like this, {Number(group.Others)} otherwise.");
                break;
            case CauseFinding.WholeFlow:
                sentences.Add(group.FromFlows.Count == 1
                    ? $"Nearly every call whose old flow was {group.FromFlows[0]} changed like this: {Number(group.Calls)} of {Number(group.Calls + group.Others)}."
                    : $"Nearly every replayed call changed like this: {Number(group.Calls)} of {Number(group.Calls + group.Others)}.");
                break;
            case CauseFinding.NoneFound:
                sentences.Add($"No common cause found: nothing tells these calls from the {Number(group.Others)} others of the same old flow.");
                break;
            case CauseFinding.TooFew:
                sentences.Add($"Too few calls to find a common cause ({Number(group.Calls)} changed, {Number(group.Others)} others).");
                break;
            case CauseFinding.NotSearched:
                sentences.Add("No cause was looked for: there are more groups than are searched.");
                break;
        }
        if (group.IsSampled && group.Finding is CauseFinding.Found or CauseFinding.NoneFound)
            sentences.Add($"From a sample: {Number(group.SampledCalls)} of {Number(group.Calls)} changed and {Number(group.SampledOthers)} of {Number(group.Others)} other calls.");
        return sentences;
    }

    /// <summary>What the rates are about, and what they are not, a sentence each.</summary>
    public static IReadOnlyList<string> About(WhatIf whatIf)
    {
        ArgumentNullException.ThrowIfNull(whatIf);
        if (whatIf.Calls == 0)
            return ["No changed call would go to other targets."];
        var sentences = new List<string> { $"{Calls(whatIf.Calls)} would go to other targets, or to the same in another order." };
        if (whatIf.WithoutHistory > 0)
            sentences.Add($"{Number(whatIf.WithoutHistory)} of these would go first to a target of which no result was measured: it was never tried, or always given up first. They are in no rate of the whole{(whatIf.Targets.Items.Any(t => t.Predicted is null && t.AtLeast is not null) ? "; where a fallback has results, those say how many would be answered at least, were the first target to answer none" : ", and nothing can be said about them")}.");
        if (whatIf.Targets.Omitted > 0)
            sentences.Add($"{Number(whatIf.Targets.Omitted)} of these are in no rate: there are more targets than are followed.");
        if (whatIf.Estimated > 0)
            sentences.Add($"The rates are of {(whatIf.Estimated == whatIf.Calls ? "all of these" : $"the other {Number(whatIf.Estimated)}")}, at their old targets as measured and at their new ones as expected.");
        if (whatIf.OnSmallHistory > 0)
        {
            var which = whatIf.OnSmallHistory == whatIf.Estimated ? "All of them" : $"{Number(whatIf.OnSmallHistory)} of them";
            sentences.Add($"{which} would go to targets with fewer than {WhatIf.SmallHistory} measured attempts: there the interval says more than the rate.");
        }
        return sentences;
    }

    /// <summary>How much busier a target would be than it was ever measured: <c>invite 4900 via pstn: 40 calls in the hour from 2026-03-02 09:00 UTC, measured peak 20 (200.0 %)</c>.</summary>
    public static string Load(TargetLoad load)
    {
        ArgumentNullException.ThrowIfNull(load);
        string peak = load.Measured == 0 ? "it was never tried" : string.Create(CultureInfo.InvariantCulture, $"measured peak {Number(load.Measured)} ({100.0 * load.Expected / load.Measured:0} %)");
        return string.Create(CultureInfo.InvariantCulture, $"{load.Target}: {Calls(load.Expected)} in the hour from {load.Hour:yyyy-MM-dd HH:mm} UTC, {peak}");
    }

    /// <summary>What the expected rates take for granted.</summary>
    public static IReadOnlyList<string> Assumptions { get; } =
    [
        "A target treats the calls it would get as it treated those it got: the same at any time of day, for any caller, and with any number of calls. A target that would get many more calls may well be busy more often.",
        "Fallbacks are tried in order until one succeeds, and what one comes to does not depend on those before it. What the logic decides after all of them failed is not included.",
        "Attempts that the caller or a command gave up first say nothing about the target, and are left out, before and after.",
        "\"Accepted\" is not \"answered\": the other side took the call over (REFER without a report, redirect, BYE) and nothing is known of what followed.",
        "Intervals of what is expected are 95 % prediction intervals: they hold the share of these very calls, with the chance in the measured attempts and that of the calls themselves, not a mistake in the lines above. Those of what was measured are 95 % confidence intervals (Wilson).",
    ];

    /// <summary>The name of each rate, with the rates of the calls as expected and as measured.</summary>
    public static IReadOnlyList<(string Name, Estimate? Expected, Estimate? Before)> Rows(ResultRates? expected, ResultRates? before) =>
    [
        ("Answered", expected?.Answered, before?.Answered),
        ("Accepted", expected?.Accepted, before?.Accepted),
        ("Busy", expected?.Busy, before?.Busy),
        ("No answer", expected?.NoAnswer, before?.NoAnswer),
        ("Failed", expected?.Failed, before?.Failed),
        ("Turned away", expected?.TurnedAway, before?.TurnedAway),
    ];

    /// <summary>Targets in the order they are tried: <c>invite 4900 via pstn, else invite 4100 via pstn</c>.</summary>
    public static string Steps(WhatIfTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return string.Join(", else ", target.Steps.Select(s => s.Target));
    }

    /// <summary>What a list leaves out; empty for nothing.</summary>
    /// <param name="calls">Calls of the kinds that are in the report, and not shown.</param>
    /// <param name="kinds">How many kinds those are.</param>
    /// <param name="omitted">Calls of kinds that are not in the report at all.</param>
    /// <param name="what">What they are, such as <c>targets</c>.</param>
    public static string Rest(long calls, int kinds, long omitted, string what) => (kinds, omitted) switch
    {
        (0, 0) => "",
        (_, 0) => $"and {Number(kinds)} more {what} ({Calls(calls)})",
        _ => $"and more than {Number(kinds)} more {what} ({Calls(calls + omitted)}); there are more of them than are kept apart",
    };

    private static string Flows(ChangeGroup group) => group.FromFlows.Count <= MostNamed
        ? string.Join(", ", group.FromFlows)
        : $"{string.Join(", ", group.FromFlows.Take(MostNamed - 1))} and {Number(group.FromFlows.Count - MostNamed + 1)} more flows";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
