using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports.Html;

/// <summary>The changed calls one by one, as a table that can be sorted by any column, each linked to the console where that is known.</summary>
internal static class CallsSection
{
    private const int MostCalls = 500;
    private const int MostFields = 3;
    private const int MostShown = 60;

    /// <summary>The hash of the page's script: the browser runs no other.</summary>
    public static string ScriptHash { get; } = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script())))}";

    public static void Write(HtmlWriter page, ReplayReport report, ChangedCalls? changes)
    {
        if (changes is null || changes.Count == 0)
            return;
        page.Line($"<section aria-labelledby=\"h-calls\"><h2 id=\"h-calls\">The changed calls</h2>");
        if (changes.Count > MostCalls)
            page.Line($"<p class=\"small\">The first {MostCalls} of {changes.Count}; --json and --csv have all of them.</p>");
        page.Line($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"The changed calls\"><table class=\"calls sortable\"><caption>Each call with what it had and would have. <span class=\"screen\">A column's name sorts by it.</span></caption>");
        page.Line($"<thead><tr><th scope=\"col\">Began (UTC)</th><th scope=\"col\">Caller</th><th scope=\"col\">Dialled</th><th scope=\"col\">Flow</th><th scope=\"col\">Target</th><th scope=\"col\">Fields</th><th scope=\"col\">Came of it</th><th scope=\"col\">Call</th></tr></thead><tbody>");
        foreach (var line in changes.Read().Take(MostCalls))
            Row(page, JsonSerializer.Deserialize(line.Span, ReportContext.Default.ChangedCall)!, report.Run.Console);
        page.Line($"</tbody></table></div>");
        page.Script(Script());
        page.Line($"</section>");
    }

    private static void Row(HtmlWriter page, ChangedCall call, Uri? console)
    {
        page.Write($"<tr><td class=\"n\">{call.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</td><td class=\"text\">{call.Caller}</td><td class=\"text\">{call.Callee}</td>");
        page.Write($"<td class=\"text\">{Words(call.Flow)}</td><td class=\"text\">{Words(call.Target)}</td><td class=\"text\">{Fields(call)}</td><td class=\"text\">{call.Outcome ?? ""}</td>");
        if (console is null)
            page.Line($"<td><code>{call.CallId}</code></td></tr>");
        else
            page.Line($"<td><a href=\"{new Uri(console.AbsoluteUri.TrimEnd('/') + "/calls/").AbsoluteUri + call.CallId.ToString()}\"><code>{call.CallId}</code></a></td></tr>");
    }

    private static string Words(WasAndNow value) => value.Was == value.Now ? value.Now ?? "" : $"{value.Was ?? "(none)"} → {value.Now ?? "(none)"}";

    private static string Fields(ChangedCall call)
    {
        var words = call.Fields.Where(f => f.Key is not ("flow" or "target")).Take(MostFields).Select(f => $"{f.Key}: {Short(f.Value.Was)} → {Short(f.Value.Now)}").ToList();
        int more = call.Fields.Count(f => f.Key is not ("flow" or "target")) - words.Count;
        string expected = call.Expected is { Count: > 0 } rules ? $"announced: {string.Join(", ", rules)}. " : "";
        return expected + string.Join("; ", words) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "");
    }

    private static string Short(string? value) => value is null ? "(none)" : Counting.ForeignText.Cut(value, MostShown);

    private static string Script()
    {
        using var stream = typeof(CallsSection).Assembly.GetManifestResourceStream("EventCalls.Replay.report.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
