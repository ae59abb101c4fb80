using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Spool;
using EventCalls.Store;

namespace EventCalls.Replay.Reports.Json;

/// <summary>The report for machines: one JSON object, as <c>docs/replay-report.schema.json</c> describes it. Its names are a promise.</summary>
public static class ReportJson
{
    private const int FlushAt = 64 * 1024;

    // '+', '<' and '>', which SIP is full of, stay readable: this is no HTML page.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Writes the report with all changed calls, which are streamed.</summary>
    /// <param name="stream">Where to; UTF-8, ends with a line feed, stays open.</param>
    /// <param name="report">The report.</param>
    /// <param name="changes">The changed calls of the same builder.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; what is written so far is no whole object.</exception>
    public static void Write(Stream stream, ReplayReport report, ChangedCalls changes, CancellationToken cancellationToken = default)
    {
        using (var plain = new PlainJsonStream(stream))
        using (var writer = new Utf8JsonWriter(plain, s_options))
        {
            writer.WriteStartObject();
            WriteTotals(writer, report);
            WriteRun(writer, report);
            ReportParts.WriteTexts(writer, "tripped", report.Tripped);
            ReportParts.Write(writer, report);
            WhatIfJson.Write(writer, report.WhatIf);
            writer.WriteStartArray("changes");
            foreach (var change in changes.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.WriteRawValue(change.Span, skipInputValidation: true);
                if (writer.BytesPending > FlushAt)
                    writer.Flush();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        stream.Flush();
    }

    private static void WriteTotals(Utf8JsonWriter writer, ReplayReport report)
    {
        var totals = report.Totals;
        writer.WriteNumber("calls", totals.Calls);
        writer.WriteNumber("same", totals.Same);
        writer.WriteNumber("changed", totals.Changed);
        writer.WriteNumber("errors", totals.Errors);
        writer.WriteNumber("notReplayable", totals.NotReplayable);
        writer.WriteStartObject("percent");
        writer.WriteNumber("same", Math.Round(totals.Percent(totals.Same), 4));
        writer.WriteNumber("changed", Math.Round(totals.Percent(totals.Changed), 4));
        writer.WriteNumber("errors", Math.Round(totals.Percent(totals.Errors), 4));
        writer.WriteNumber("notReplayable", Math.Round(totals.Percent(totals.NotReplayable), 4));
        writer.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter writer, ReplayReport report)
    {
        var run = report.Run;
        var baselines = run.Baseline.OrderByDescending(b => b.Value).ThenBy(b => b.Key, StringComparer.Ordinal).ToList();
        writer.WriteString("baseline", baselines.Count > 0 ? baselines[0].Key : null);
        writer.WriteStartArray("baselines");
        foreach (var (version, calls) in baselines)
        {
            writer.WriteStartObject();
            writer.WriteString("version", version);
            writer.WriteNumber("calls", calls);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("candidate", run.Candidate);
        writer.WriteStartObject("run");
        writer.WriteString("candidateName", run.CandidateName);
        writer.WriteString("store", run.Store);
        WriteQuery(writer, run.Query);
        writer.WriteString("where", run.Where);
        writer.WriteBoolean("liveLookups", run.LiveLookups);
        writer.WriteNumber("liveLookupsAsked", report.LiveLookups);
        writer.WriteString("beganAt", run.BeganAt.UtcDateTime);
        writer.WriteNumber("elapsedSeconds", Math.Round(run.Elapsed.TotalSeconds, 3));
        writer.WriteBoolean("cancelled", run.Cancelled);
        writer.WriteEndObject();
    }

    private static void WriteQuery(Utf8JsonWriter writer, CallQuery query)
    {
        WriteTime(writer, "from", query.From);
        WriteTime(writer, "to", query.To);
        if (query.Limit is { } limit)
            writer.WriteNumber("limit", limit);
        else
            writer.WriteNull("limit");
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } given)
            writer.WriteString(name, given.UtcDateTime);
        else
            writer.WriteNull(name);
    }
}
