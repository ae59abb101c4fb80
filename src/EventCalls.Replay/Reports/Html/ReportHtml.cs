using System.Globalization;
using System.Text;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports.Html;

/// <summary>The report as one page for a browser or for paper: everything is in the file, nothing is fetched, and nothing but the sorting of a table needs its one script.</summary>
internal static class ReportHtml
{
    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where to; UTF-8, stays open.</param>
    /// <param name="report">The report.</param>
    /// <param name="changes">The changed calls of the same builder; null for a page without their table.</param>
    public static void Write(Stream stream, ReplayReport report, ChangedCalls? changes = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var page = new Html.HtmlWriter(text);
        page.Line($"<!DOCTYPE html>");
        page.Line($"<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        // Should a text of a call ever get past the escaping, the browser still runs and fetches nothing.
        page.Line($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src '{CallsSection.ScriptHash}'\">");
        page.Line($"<meta name=\"color-scheme\" content=\"light dark\"><title>Replay of {ReportWords.Calls(report.Totals.Calls)} against {report.Run.CandidateName}</title>");
        page.Style(Css());
        page.Line($"</head><body><main>");
        Html.SummarySection.Write(page, report);
        Html.WhatIfSection.Write(page, report.WhatIf);
        Html.GroupsSection.Write(page, report);
        CallsSection.Write(page, report, changes);
        Html.MovesSection.Write(page, report);
        Html.ProblemsSection.Write(page, report);
        Html.DiffView.Whole(page, report.Diff);
        Html.AboutSection.Write(page, report);
        page.Line($"</main><footer>EventCalls replay report, made {Time(report.Run.BeganAt + report.Run.Elapsed)}</footer></body></html>");
    }

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Css()
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream("EventCalls.Replay.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
