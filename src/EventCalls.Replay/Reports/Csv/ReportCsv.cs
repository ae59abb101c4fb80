using System.Text.Json;
using CsvHelper;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports.Csv;

/// <summary>The changed calls as a table for spreadsheets: RFC 4180, UTF-8, one line a call.</summary>
public static class ReportCsv
{
    private static readonly string[] s_columns =
    [
        "call_id", "sip_call_id", "started_at", "caller", "callee", "trunk", "flow_was", "flow_now", "target_was", "target_now", "outcome_was", "fields", "changes",
    ];

    /// <summary>Writes all changed calls, streamed.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="changes">The changed calls.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the table is not complete.</exception>
    public static void Write(Stream stream, ChangedCalls changes, CancellationToken cancellationToken = default)
    {
        using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default, leaveOpen: true);
        csv.WriteRecord(s_columns);
        foreach (var line in changes.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var change = JsonDocument.Parse(line);
            csv.WriteRecord([.. Cells(change.RootElement).Select(cell => Guarded(cell ?? ""))]);
        }
        csv.Flush();
    }

    /// <summary>The text, made harmless for a spreadsheet: one that would begin a formula gets an apostrophe before it.</summary>
    /// <remarks>
    /// A plus or minus with digits only behind it is a number, which computes nothing; telephone numbers stay as they are, so that the table can be
    /// joined with others.
    /// </remarks>
    internal static string Guarded(string text)
    {
        // A spreadsheet passes over blanks, and takes the wide forms of the marks for the marks.
        var first = text.AsSpan().TrimStart();
        bool isFormula = !first.IsEmpty && "=+-@\uFF1D\uFF0B\uFF0D\uFF20".Contains(first[0]);
        bool isNumber = isFormula && text[0] is '+' or '-' && text.Length > 1 && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');
        // In quotes a line end does nothing, and a reader gets it back.
        string plain = PlainText.OfLines(text);
        return (isFormula && !isNumber) || (text.Length > 0 && "\t\r\n".Contains(text[0])) ? "'" + plain : plain;
    }

    private static IEnumerable<string?> Cells(JsonElement call)
    {
        string[] single = ["callId", "sipCallId", "startedAt", "caller", "callee", "trunk"];
        foreach (var name in single)
            yield return call.GetProperty(name).GetString();
        string[] changing = ["flow", "target"];
        foreach (var name in changing)
        {
            yield return call.GetProperty(name).GetProperty("was").GetString();
            yield return call.GetProperty(name).GetProperty("now").GetString();
        }
        yield return call.GetProperty("outcome").GetString();
        var fields = call.GetProperty("fields");
        yield return string.Join(' ', fields.EnumerateObject().Select(f => f.Name));
        yield return string.Join("; ", fields.EnumerateObject().Select(f => $"{f.Name}: {Value(f.Value, "was")} -> {Value(f.Value, "now")}"));
    }

    private static string Value(JsonElement field, string name) => field.GetProperty(name).GetString() ?? "(none)";
}
