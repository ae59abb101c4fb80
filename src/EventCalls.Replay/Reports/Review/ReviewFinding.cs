using System.Globalization;
using EventCalls.Replay.Explaining;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Review;

/// <summary>A finding of a replay at a line of the candidate's source, for reviewers and their tools.</summary>
/// <param name="Rule">What kind: <c>changed</c>, <c>error</c> or <c>nondeterministic</c>.</param>
/// <param name="File">The file, as the repository has it where the candidate is a folder of it; null when unknown.</param>
/// <param name="Line">The line, from 1; null when unknown.</param>
/// <param name="Title">What it is, short.</param>
/// <param name="Text">What is known of it.</param>
/// <param name="Same">What it is without counts and examples, by which it is known again in the next replay.</param>
internal sealed record ReviewFinding(string Rule, string? File, int? Line, string Title, string Text, string Same)
{
    private const int Most = 50;

    /// <summary>All findings of a report, errors first, at most some dozens.</summary>
    public static IReadOnlyList<ReviewFinding> Of(ReplayReport report)
    {
        var findings = new List<ReviewFinding>();
        foreach (var error in report.ErrorGroups.Items)
            findings.Add(new ReviewFinding("error", PathOf(report.Run, error.File), error.Line, $"{ReportWords.Calls(error.Calls)} without a usable decision", $"{ReportText.Place(error)}: {error.Message}", $"{ReportText.Place(error)}: {error.Message}"));
        foreach (var group in report.Nondeterministic.Items)
            findings.Add(new ReviewFinding("nondeterministic", null, null, $"{ReportWords.Calls(group.Calls)} not deterministic", group.Differs, group.Differs));
        foreach (var group in report.Groups.Items)
        {
            var (file, line) = group.Places is [{ Now: { Length: > 0 } now }, ..] ? DecisionExplainer.PlaceOf(now) : (null, null);
            string text = string.Join(' ', ReportWords.Causes(group).Prepend($"{ReportWords.Calls(group.Calls)} of {ReportWords.Number(report.Totals.Calls)} ({ReportWords.Percent(group.Calls, report.Totals.Calls)})."));
            if (group.Examples.Count > 0)
                text += $" For example {group.Examples[0]:D}.";
            findings.Add(new ReviewFinding("changed", PathOf(report.Run, file), line, ReportWords.Title(group), text, ReportWords.Title(group)));
        }
        return findings.Count > Most ? findings[..Most] : findings;
    }

    /// <summary>Where it is, for people; empty when unknown.</summary>
    public string Place => File is null ? "" : Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{File}:{line}") : File;

    private static string? PathOf(ReplayRun run, string? file) => file is null || run.CandidatePath is not { Length: > 0 } folder ? file : $"{folder}/{file}";
}
