using System.Globalization;
using System.Text.Json;
using CsvHelper;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports.Csv;

/// <summary>The changed calls as a table for spreadsheets: RFC 4180, UTF-8, one line a call.</summary>
internal static class ReportCsv
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
            var call = JsonSerializer.Deserialize(line.Span, ReportContext.Default.ChangedCall)!;
            csv.WriteRecord([.. Cells(call).Select(cell => SpreadsheetText.Of(cell ?? ""))]);
        }
        csv.Flush();
    }

    private static string?[] Cells(ChangedCall call) =>
    [
        call.CallId.ToString(), call.SipCallId, call.StartedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture), call.Caller, call.Callee, call.Trunk,
        call.Flow.Was, call.Flow.Now, call.Target.Was, call.Target.Now, call.Outcome,
        string.Join(' ', call.Fields.Keys),
        string.Join("; ", call.Fields.Select(f => $"{f.Key}: {f.Value.Was ?? "(none)"} -> {f.Value.Now ?? "(none)"}")),
    ];
}
