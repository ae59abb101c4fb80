using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Diffs;

namespace EventCalls.Replay.Reports.Html;

/// <summary>The lines of source that differ between the versions.</summary>
internal static class DiffView
{
    private const int MostLines = 60;
    private const int MostOfAll = 1000;

    /// <summary>What of it the decisions of a group went through, with a link to all of it.</summary>
    public static void OfGroup(HtmlWriter page, ChangeGroup group, SourceChanges all)
    {
        if (all.Files.Count == 0)
            return;
        var diffs = all.For(group);
        if (diffs.Count == 0)
        {
            page.Line($"<p class=\"more\">No line that differs is in what decided these calls. <a href=\"#source\">All lines that differ</a></p>");
            return;
        }
        page.Line($"<details class=\"diff\" open><summary>The source that differs where these calls were decided</summary>");
        Lines(page, diffs, MostLines);
        page.Line($"<p class=\"more\"><a href=\"#source\">All lines that differ</a></p></details>");
    }

    /// <summary>All of it, once.</summary>
    public static void Whole(HtmlWriter page, SourceChanges all)
    {
        if (all.Files.Count == 0)
            return;
        page.Line($"<section id=\"source\" aria-labelledby=\"h-source\"><h2 id=\"h-source\">The source that differs between the versions</h2>");
        page.Line($"<details class=\"diff\"><summary>Places that differ: {all.Files.Sum(f => f.Hunks.Count)}, in {string.Join(", ", all.Files.Select(f => f.File))}</summary>");
        Lines(page, all.Files, MostOfAll);
        page.Line($"</details></section>");
    }

    private static void Lines(HtmlWriter page, IReadOnlyList<SourceDiff> diffs, int most)
    {
        int left = most;
        foreach (var diff in diffs)
        {
            if (left <= 0)
                break;
            page.Line($"<p class=\"text\"><code>{diff.File}</code></p><pre>");
            foreach (var hunk in diff.Hunks)
            {
                if (left > 0)
                    page.Line($"<span class=\"head\">{hunk.Head}</span>");
                foreach (var line in hunk.Lines)
                {
                    if (left-- <= 0)
                        break;
                    Line(page, line);
                }
            }
            page.Line($"</pre>");
        }
        int all = diffs.Sum(d => d.Hunks.Sum(h => h.Lines.Count));
        if (all > most)
            page.Line($"<p class=\"more\">and {all - most} more lines</p>");
    }

    private static void Line(HtmlWriter page, DiffLine line)
    {
        switch (line.Kind)
        {
            case '+':
                page.Line($"<ins>+{line.Text}</ins>");
                break;
            case '-':
                page.Line($"<del>-{line.Text}</del>");
                break;
            default:
                page.Line($" {line.Text}");
                break;
        }
    }
}
