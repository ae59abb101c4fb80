using EventCalls.Replay.Reports.Diffs;

namespace EventCalls.Replay.Reports.Html;

/// <summary>The lines of source that differ between the versions.</summary>
internal static class DiffView
{
    private const int MostLines = 60;

    public static void Write(HtmlWriter page, IReadOnlyList<SourceDiff> diffs)
    {
        if (diffs.Count == 0)
            return;
        int all = diffs.Sum(d => d.Hunks.Sum(h => h.Lines.Count));
        page.Line($"<details class=\"diff\" open><summary>The source that differs</summary>");
        int left = MostLines;
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
        if (all > MostLines)
            page.Line($"<p class=\"more\">and {all - MostLines} more lines</p>");
        page.Line($"</details>");
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
