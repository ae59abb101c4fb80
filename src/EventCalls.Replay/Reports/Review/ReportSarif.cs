using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Review;

/// <summary>Findings as SARIF 2.1.0 (OASIS standard, 27 March 2020), which code scanning shows at the line.</summary>
internal static class ReportSarif
{
    private const int FingerprintBytes = 8;

    private static readonly (string Id, string Level, string Text, string Means)[] s_rules =
    [
        ("changed", "warning", "Past calls would be decided otherwise.", "The line decides calls otherwise than they were decided; the message says which, and what they have in common. Announce what is meant with 'eventcalls replay --expected'."),
        ("error", "error", "The candidate gives no usable decision for past calls.", "Where a decision was recorded, the candidate threw, ran over its limits, or decided what cannot be carried out."),
        ("nondeterministic", "error", "The version that decided past calls decides them otherwise now.", "The logic rests on something that is not recorded with a call, so no other finding can be relied on."),
    ];

    /// <summary>Writes one run with all findings.</summary>
    public static void Write(Stream stream, ReplayReport report)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "EventCalls replay");
        json.WriteStartArray("rules");
        foreach (var (id, level, text, means) in s_rules)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            Text(json, "shortDescription", text);
            Text(json, "fullDescription", $"{text} {means}");
            Text(json, "help", means);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", level);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        var findings = ReviewFinding.Of(report);
        // Code scanning refuses a whole file for one result without a place.
        Notifications(json, findings.Where(f => f.File is null));
        json.WriteStartArray("results");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var finding in findings.Where(f => f.File is not null))
        {
            string fingerprint = Fingerprint(finding);
            seen[fingerprint] = seen.GetValueOrDefault(fingerprint) + 1;
            Result(json, finding, string.Create(CultureInfo.InvariantCulture, $"{fingerprint}:{seen[fingerprint]}"));
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Notifications(Utf8JsonWriter json, IEnumerable<ReviewFinding> findings)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", true);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteStartObject("associatedRule");
            json.WriteString("id", finding.Rule);
            json.WriteEndObject();
            json.WriteString("level", LevelOf(finding));
            Text(json, "message", $"{finding.Title}: {finding.Text}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Result(Utf8JsonWriter json, ReviewFinding finding, string fingerprint)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteString("level", LevelOf(finding));
        Text(json, "message", $"{finding.Title}: {finding.Text}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", $"{(finding.File!.StartsWith('/') ? "file://" : "")}{string.Join('/', finding.File.Split('/').Select(Uri.EscapeDataString))}");
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line ?? 1);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        // The one name that code scanning looks at.
        json.WriteString("primaryLocationLineHash", fingerprint);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string LevelOf(ReviewFinding finding) => Array.Find(s_rules, r => r.Id == finding.Rule).Level;

    // Neither the line nor a count is in it: the same finding is there in the next replay, however the file and the calls have grown.
    private static string Fingerprint(ReviewFinding finding) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{finding.Rule}\n{finding.File}\n{finding.Same}")).AsSpan(0, FingerprintBytes));

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", PlainText.OfLines(text));
        json.WriteEndObject();
    }
}
