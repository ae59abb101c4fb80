using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Diffs;

namespace EventCalls.Replay.Reports.Review;

/// <summary>The report as a comment for a pull request: what it came to, why, and the lines that differ.</summary>
internal static class ReportMarkdown
{
    private const int MostGroups = 10;
    private const int MostErrors = 5;
    private const int MostDiffLines = 60;
    private const int MostOfAllDiffLines = 300;

    /// <summary>Writes it; UTF-8.</summary>
    public static void Write(Stream stream, ReplayReport report)
    {
        using var md = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        md.WriteLine(report.Tripped.Count > 0 ? "## ❌ Replay: not let pass" : Heading(report.Totals));
        md.WriteLine();
        foreach (string sentence in ReportWords.Headline(report))
            md.WriteLine($"{Text(sentence)}  ");
        md.WriteLine();
        if (report.Tripped.Count > 0)
        {
            md.WriteLine("**Why it is not let pass**");
            md.WriteLine();
            foreach (string rule in report.Tripped)
                md.WriteLine($"- {Text(rule)}");
            md.WriteLine();
        }
        Totals(md, report);
        Expected(md, report);
        Groups(md, report);
        Errors(md, report);
        WhatIf(md, report.WhatIf);
        Diff(md, "All lines that differ between the versions", report.Diff.Files, MostOfAllDiffLines);
        md.WriteLine($"<sub>{Text(report.Run.CandidateName)} ({Code(Short(report.Run.Candidate))}) against {(report.Baseline is { } b ? $"{Text(b.Name)} ({Code(Short(b.Version))})" : "what was recorded")}, {Text(report.Run.Store)}{(report.Run.Where.Length > 0 ? $", {Text(report.Run.Where)}" : "")}</sub>");
    }

    private static string Heading(ReportTotals totals) => totals switch
    {
        { Changed: > 0 } or { Errors: > 0 } => "## ⚠️ Replay: calls would be decided otherwise",
        { Expected: > 0 } => "## ✅ Replay: no call changes but what was announced",
        _ => "## ✅ Replay: no call changes",
    };

    private static void Totals(StreamWriter md, ReplayReport report)
    {
        var totals = report.Totals;
        md.WriteLine("| | Calls | |");
        md.WriteLine("|---|--:|--:|");
        void Row(string name, long count) => md.WriteLine($"| {name} | {ReportWords.Number(count)} | {ReportWords.Percent(count, totals.Calls)} |");
        Row("Same", totals.Same);
        Row("**Changed**", totals.Changed);
        if (report.Expected.Count > 0)
            Row("Changed as announced", totals.Expected);
        Row("Errors", totals.Errors);
        Row("Not replayable", totals.NotReplayable);
        if (totals.Nondeterministic > 0)
            Row("**Nondeterministic**", totals.Nondeterministic);
        md.WriteLine();
    }

    private static void Expected(StreamWriter md, ReplayReport report)
    {
        if (report.Expected.Count == 0)
            return;
        md.WriteLine("**Changes that were announced**");
        md.WriteLine();
        foreach (var rule in report.Expected)
            md.WriteLine($"- {Text(ReportText.Expected(rule))}");
        md.WriteLine();
    }

    private static void Groups(StreamWriter md, ReplayReport report)
    {
        if (report.Groups.Items.Count == 0)
            return;
        md.WriteLine("### What changed");
        md.WriteLine();
        foreach (var group in report.Groups.Items.Take(MostGroups))
        {
            md.WriteLine($"**{Text(ReportWords.Title(group))}**: {ReportWords.Calls(group.Calls)}, {ReportWords.Percent(group.Calls, report.Totals.Calls)}");
            md.WriteLine();
            foreach (string cause in ReportWords.Causes(group))
                md.WriteLine($"- {Text(cause)}");
            if (group.ToFlow is null && group.FromTarget is null)
            {
                foreach (var value in group.Values.Items.Take(3))
                    md.WriteLine($"- {Code(value.Field)}: {Code(value.Was ?? "(none)")} → {Code(value.Now ?? "(none)")}, {ReportWords.Calls(value.Calls)}");
            }
            if (group.Examples.Count > 0)
                md.WriteLine($"- For example {string.Join(", ", group.Examples.Take(3).Select(id => Code(id.ToString())))}");
            md.WriteLine();
            OfGroup(md, group, report.Diff);
        }
        if (ReportWords.Rest(report.Groups.Items.Skip(MostGroups).Sum(g => g.Calls), Math.Max(0, report.Groups.Items.Count - MostGroups), report.Groups.Omitted, "groups") is { Length: > 0 } rest)
        {
            md.WriteLine(rest);
            md.WriteLine();
        }
    }

    private static void OfGroup(StreamWriter md, ChangeGroup group, SourceChanges all)
    {
        if (all.Files.Count == 0)
            return;
        if (all.For(group) is { Count: > 0 } near)
        {
            Diff(md, "The lines that differ where these calls were decided", near, MostDiffLines);
            return;
        }
        md.WriteLine("No line that differs is in what decided these calls.");
        md.WriteLine();
    }

    private static void Diff(StreamWriter md, string summary, IReadOnlyList<SourceDiff> diffs, int most)
    {
        if (diffs.Count == 0)
            return;
        md.WriteLine($"<details><summary>{summary}</summary>");
        md.WriteLine();
        // A line of source may have a fence in it; a longer one ends nowhere in between.
        md.WriteLine("``````diff");
        int left = most;
        foreach (var diff in diffs)
        {
            md.WriteLine($"--- {PlainText.Of(diff.File)}");
            foreach (var hunk in diff.Hunks)
            {
                md.WriteLine(hunk.Head);
                foreach (var line in hunk.Lines)
                {
                    if (left-- > 0)
                        md.WriteLine($"{line.Kind}{PlainText.Of(line.Text)}");
                }
            }
        }
        md.WriteLine("``````");
        if (left < 0)
            md.WriteLine($"\nand {ReportWords.Number(-left)} more lines");
        md.WriteLine();
        md.WriteLine("</details>");
        md.WriteLine();
    }

    private static void Errors(StreamWriter md, ReplayReport report)
    {
        if (report.ErrorGroups.Items.Count == 0)
            return;
        md.WriteLine("### Errors");
        md.WriteLine();
        foreach (var error in report.ErrorGroups.Items.Take(MostErrors))
            md.WriteLine($"- **{Text(ReportText.Place(error))}**, {ReportWords.Calls(error.Calls)}: {Text(error.Message)}");
        if (ReportWords.Rest(report.ErrorGroups.Items.Skip(MostErrors).Sum(e => e.Calls), Math.Max(0, report.ErrorGroups.Items.Count - MostErrors), report.ErrorGroups.Omitted, "kinds of error") is { Length: > 0 } rest)
            md.WriteLine($"- {rest}");
        md.WriteLine();
    }

    private static void WhatIf(StreamWriter md, WhatIf whatIf)
    {
        if (whatIf.Calls == 0)
            return;
        md.WriteLine("### Would callers still be answered?");
        md.WriteLine();
        foreach (string sentence in ReportWords.About(whatIf))
            md.WriteLine($"{Text(sentence)}  ");
        md.WriteLine();
        foreach (var load in whatIf.Loads.Items.Take(MostErrors))
            md.WriteLine($"- Busier than ever measured: {Text(ReportWords.Load(load))}");
        foreach (var target in whatIf.Targets.Items.Where(t => t.Predicted is null && t.AtLeast is not null).Take(MostErrors))
            md.WriteLine($"- {Text(ReportWords.Steps(target))}: {ReportWords.Calls(target.Calls)}, answered {ReportWords.Answered(target)}");
        if (whatIf.Loads.Items.Count > 0 || whatIf.Targets.Items.Any(t => t.Predicted is null && t.AtLeast is not null))
            md.WriteLine();
        if (whatIf.Estimated == 0)
            return;
        md.WriteLine("| | Before | Expected |");
        md.WriteLine("|---|--:|--:|");
        foreach (var (name, expected, before) in ReportWords.Rows(whatIf.Predicted ?? whatIf.Expected, whatIf.BeforeRates).Where(r => r.Expected is { Value: > 0 } || r.Before is { Value: > 0 }))
            md.WriteLine($"| {name} | {(before is null ? "–" : ReportWords.Rate(before))} | {(expected is null ? "–" : ReportWords.Rate(expected))} |");
        md.WriteLine();
    }

    private static string Short(string version) => version.Length > 19 ? version[..19] : version;

    private static string Code(string text)
    {
        string plain = PlainText.Of(text).Replace("|", "\\|", StringComparison.Ordinal);
        return plain.Contains('`', StringComparison.Ordinal) ? $"`` {plain} ``" : $"`{plain}`";
    }

    // What a caller sent makes no link, no mention and no table of its own.
    private static string Text(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in PlainText.Of(text))
        {
            switch (c)
            {
                case '<' or '>' or '&':
                    escaped.Append(c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
                    break;
                case '\\' or '`' or '*' or '_' or '[' or ']' or '#' or '|' or '~':
                    escaped.Append('\\').Append(c);
                    break;
                case '@':
                    escaped.Append("@<!-- -->");
                    break;
                default:
                    escaped.Append(c);
                    break;
            }
        }
        return escaped.ToString();
    }
}
