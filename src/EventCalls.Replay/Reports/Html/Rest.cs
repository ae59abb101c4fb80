namespace EventCalls.Replay.Reports.Html;

/// <summary>Says what a table leaves out.</summary>
internal static class Rest
{
    /// <param name="page">The page.</param>
    /// <param name="calls">Calls of the kinds that are in the report, and not shown here.</param>
    /// <param name="kinds">How many kinds those are.</param>
    /// <param name="omitted">Calls of kinds that are not in the report at all.</param>
    /// <param name="what">What they are.</param>
    public static void Write(HtmlWriter page, long calls, int kinds, long omitted, string what)
    {
        if (ReportWords.Rest(calls, kinds, omitted, what) is { Length: > 0 } words)
            page.Line($"<p class=\"more\">{words}</p>");
    }
}
