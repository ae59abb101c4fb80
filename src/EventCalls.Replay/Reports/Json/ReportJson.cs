using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports.Json;

/// <summary>The report for machines: one JSON object, as <c>docs/replay-report.schema.json</c> describes it. Its names are a promise.</summary>
internal static class ReportJson
{
    // '+', '<' and '>', which SIP is full of, stay readable: this is no HTML page.
    private static readonly JsonSerializerOptions s_options = new(ReportContext.Default.Options)
    {
        TypeInfoResolver = ReportContext.Default,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        // The buffer stays as small as it is by default: what is written in larger pieces makes texts that the garbage collector treats as large, which takes several times as long.
    };

    /// <summary>Writes the report with all changed calls, which are streamed.</summary>
    /// <param name="stream">Where to; UTF-8, ends with a line feed, stays open.</param>
    /// <param name="report">The report.</param>
    /// <param name="changes">The changed calls of the same builder.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; what is written so far is no whole object.</exception>
    public static void Write(Stream stream, ReplayReport report, ChangedCalls changes, CancellationToken cancellationToken = default)
    {
        using (var plain = new PlainJsonStream(stream))
            JsonSerializer.Serialize(plain, new ReportObject(report, Written(changes, cancellationToken)), (JsonTypeInfo<ReportObject>)s_options.GetTypeInfo(typeof(ReportObject)));
        stream.WriteByte((byte)'\n');
        stream.Flush();
    }

    private static IEnumerable<WrittenObject> Written(ChangedCalls changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new WrittenObject(change);
        }
    }
}
