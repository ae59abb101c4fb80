using System.Globalization;
using System.Net;
using System.Text;
using EventCalls.Marten;

namespace CallAnalytics;

/// <summary>The pages, as HTML.</summary>
internal static class Html
{
    private const string Head = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Call analytics</title>
        <style>
          body { font: 15px/1.5 system-ui, sans-serif; color: #1c2733; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
          h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem } a { color: #0b62a4 }
          table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #dde3ea }
          th { font-weight: 600; color: #5b6b7c } .n { text-align: right; font-variant-numeric: tabular-nums } p.none { color: #5b6b7c }
          input, select, button { font: inherit; padding: .2rem .5rem }
        </style>
        """;

    public static string Overview(IReadOnlyList<TargetHour> rates, IReadOnlyDictionary<string, long> handoffs, IReadOnlyList<FailedTransfer> failed)
    {
        var html = new StringBuilder(Head).Append("<h1>Call analytics</h1><p>Handoffs: ")
            .AppendJoin(", ", ((string[])["done", "failed", "tried"]).Select(state => $"{handoffs.GetValueOrDefault(state):N0} {(state == "tried" ? "under way" : state)}"))
            .Append(".</p><h2>Answer rate by target and hour</h2>");
        Table(html, ["Hour (UTC)", "Target", "#Ended", "#Answered", "#Unknown", "#Rate", "#Failed in a row, at most"], "No transfer has come to an end yet.", rates.Select(rate => (string[])
        [
            Text(Time(rate.Hour)), Text(rate.Target), Number(rate.Decided), Number(rate.Answered), Number(rate.Accepted),
            rate.AnswerRate is { } share ? (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + "%" : "-", Number(rate.MostFailedInARow),
        ]));
        html.Append("<h2>Failed transfers</h2>");
        Table(html, ["At (UTC)", "By", "Outcome", "Call"], "None has failed.", failed.Select(transfer => (string[])
        [
            Text(Time(transfer.At)), Text(transfer.Method.ToString()), Text(transfer.Outcome + (transfer.Final ? "" : ", another one was tried")),
            $"<a href=\"/calls/{transfer.Call}\">{transfer.Call}</a>",
        ]));
        return html.ToString();
    }

    public static string OfCall(CallRecord record, IReadOnlyList<CallReviewed> reviews)
    {
        var call = record.Call;
        var html = new StringBuilder(Head).Append("<p><a href=\"/\">Call analytics</a></p><h1>")
            .Append(Text($"{call.Caller} called {call.Callee}")).Append("</h1><p>")
            .Append(Text($"{Time(call.StartedAt)} UTC over {call.Trunk}; {(call.EndedAt is { } end ? $"ended {Time(end)} by the {call.EndedBy.ToString()!.ToLowerInvariant()}" : "going on")}.")).Append("</p><h2>Attempts</h2>");
        Table(html, ["#", "By", "Target", "Outcome"], "Nothing was tried.", record.Attempts.Select(attempt => (string[])
            [Number(attempt.Number), Text(attempt.Method.ToString()), Text(attempt.Target), Text(attempt.Outcome?.ToString() ?? "under way")]));
        html.Append("<h2>Reviews</h2>");
        Table(html, ["By", "Stars"], "Nobody has listened to it.", reviews.Select(review => (string[])[Text(review.By), new string('★', review.Stars)]));
        if (record.HasEnded)
        {
            html.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"/calls/{record.Id}/reviews\"><p><input name=\"by\" placeholder=\"your name\" required maxlength=\"100\"> ")
                .Append("<select name=\"stars\"><option>5<option>4<option>3<option>2<option>1</select> <button>Review</button></p></form>");
        }
        return html.ToString();
    }

    // A heading that begins with # is of numbers, or is "#" itself.
    private static void Table(StringBuilder html, string[] headings, string none, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            html.Append("<p class=\"none\">").Append(none).Append("</p>");
            return;
        }
        bool[] numbers = [.. headings.Select(heading => heading is ['#', _, ..])];
        html.Append("<table><tr>");
        for (int i = 0; i < headings.Length; i++)
            html.Append(numbers[i] ? "<th class=\"n\">" : "<th>").Append(numbers[i] ? headings[i][1..] : headings[i]).Append("</th>");
        foreach (var row in all)
        {
            html.Append("</tr><tr>");
            for (int i = 0; i < row.Length; i++)
                html.Append(numbers[i] ? "<td class=\"n\">" : "<td>").Append(row[i]).Append("</td>");
        }
        html.Append("</tr></table>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
