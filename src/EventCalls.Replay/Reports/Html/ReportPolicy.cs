namespace EventCalls.Replay.Reports.Html;

/// <summary>What a browser may do with a report that is served.</summary>
public static class ReportPolicy
{
    /// <summary>A Content-Security-Policy: the page's style and the one script that sorts its table, of no origin, so that nothing in it reaches what serves it; nothing is fetched.</summary>
    public static string Header { get; } =
        $"default-src 'none'; style-src 'unsafe-inline'; script-src '{CallsSection.ScriptHash}'; img-src data:; frame-ancestors 'none'; sandbox allow-popups allow-scripts";
}
