using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>From where to where calls move: flows and targets.</summary>
internal static class MovesSection
{
    private const int MostInMatrix = 8;
    private const int MostRows = 25;

    public static void Write(HtmlWriter page, ReplayReport report)
    {
        page.Line($"<section aria-labelledby=\"h-moves\"><h2 id=\"h-moves\">From where to where</h2>");
        var sankey = new FlowSankey(report.Flows.Items);
        if (sankey.IsEmpty)
        {
            page.Line($"<p>No call moves to another flow.</p>");
        }
        else
        {
            page.Line($"<figure>");
            sankey.Write(page);
            page.Line($"<figcaption>Calls that move to another flow: old flows at the left, new ones at the right. Calls that stay are not drawn.</figcaption></figure>");
        }
        Matrix(page, report.Flows);
        Targets(page, report.Targets);
        Fields(page, report);
        page.Line($"</section>");
    }

    private static void Matrix(HtmlWriter page, Listing<Move> flows)
    {
        var names = flows.Items.SelectMany(m => (string[])[m.From, m.To]).Distinct().Order(StringComparer.Ordinal).ToList();
        // A matrix of calls that all stay says nothing.
        if (flows.IsComplete && flows.Items.All(m => m.From == m.To))
            return;
        if (names.Count > MostInMatrix || !flows.IsComplete)
        {
            Table(page, "Flows: calls that move", flows.Items.Where(m => m.From != m.To).ToList(), flows.Omitted, "moves");
            return;
        }
        var calls = flows.Items.ToDictionary(m => (m.From, m.To), m => m.Calls);
        page.Line($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Flow matrix\"><table class=\"matrix\"><caption>Flow matrix: rows are flows as recorded, columns as the candidate decides; calls that stay are in brackets.</caption><thead><tr><th scope=\"col\">was \\ now</th>");
        foreach (var name in names)
            page.Write($"<th scope=\"col\" class=\"n\">{name}</th>");
        page.Line($"</tr></thead><tbody>");
        foreach (var from in names.Where(n => flows.Items.Any(m => m.From == n)))
        {
            page.Write($"<tr><th scope=\"row\" class=\"text\">{from}</th>");
            foreach (var to in names)
                Cell(page, from == to, calls.GetValueOrDefault((from, to)));
            page.Line($"</tr>");
        }
        page.Line($"</tbody></table></div>");
    }

    private static void Cell(HtmlWriter page, bool isStay, long calls)
    {
        if (calls == 0)
            page.Write($"<td class=\"n zero\">·</td>");
        else if (isStay)
            page.Write($"<td class=\"n stay\">({calls})</td>");
        else
            page.Write($"<td class=\"n moved\">{calls}</td>");
    }

    private static void Targets(HtmlWriter page, Listing<Move> targets)
    {
        var moved = targets.Items.Where(m => m.From != m.To).ToList();
        if (moved.Count > 0)
            Table(page, "First targets: calls that move", moved, targets.Omitted, "moves");
        else if (targets.IsComplete)
            page.Line($"<p>No call would be sent to another first target.</p>");
    }

    private static void Table(HtmlWriter page, string caption, IReadOnlyList<Move> moves, long omitted, string what)
    {
        page.Line($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table><caption>{caption}</caption><thead><tr><th scope=\"col\">Was</th><th scope=\"col\">Now</th><th scope=\"col\" class=\"n\">Calls</th></tr></thead><tbody>");
        foreach (var move in moves.Take(MostRows))
            page.Line($"<tr><td class=\"text\">{move.From}</td><td class=\"text\">{move.To}</td><td class=\"n\">{move.Calls}</td></tr>");
        page.Line($"</tbody></table></div>");
        Rest.Write(page, moves.Skip(MostRows).Sum(m => m.Calls), Math.Max(0, moves.Count - MostRows), omitted, what);
    }

    private static void Fields(HtmlWriter page, ReplayReport report)
    {
        if (report.Fields.Items.Count == 0)
            return;
        long most = report.Totals.Changed;
        page.Line($"<table class=\"fields\"><caption>Fields that differ. A call counts once for each of its fields.</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\" class=\"n\">Calls</th><th scope=\"col\">Of the changed calls</th></tr></thead><tbody>");
        foreach (var field in report.Fields.Items.Take(MostRows))
        {
            double width = 200.0 * field.Calls / most;
            page.Line($"<tr><th scope=\"row\" class=\"text\">{field.Field}</th><td class=\"n\">{field.Calls}</td><td class=\"bar\"><svg viewBox=\"0 0 200 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"bar\" width=\"{width}\" height=\"12\"/></svg> {ReportWords.Percent(field.Calls, most)}</td></tr>");
        }
        page.Line($"</tbody></table>");
        Rest.Write(page, report.Fields.Items.Skip(MostRows).Sum(f => f.Calls), Math.Max(0, report.Fields.Items.Count - MostRows), report.Fields.Omitted, "fields");
    }
}
