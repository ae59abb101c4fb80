using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Review;

/// <summary>Findings as SARIF 2.1.0 (OASIS standard, 27 March 2020), which code scanning shows at the line.</summary>
internal static class ReportSarif
{
    private static readonly (string Id, string Level, string Text)[] s_rules =
    [
        ("changed", "warning", "Past calls would be decided otherwise."),
        ("error", "error", "The candidate gives no usable decision for past calls."),
        ("nondeterministic", "error", "The version that decided past calls decides them otherwise now."),
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
        foreach (var (id, level, text) in s_rules)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            Text(json, "shortDescription", text);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", level);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (var finding in ReviewFinding.Of(report))
            Result(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, ReviewFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteString("level", Array.Find(s_rules, r => r.Id == finding.Rule).Level);
        Text(json, "message", $"{finding.Title}: {finding.Text}");
        if (finding.File is { } file)
        {
            json.WriteStartArray("locations");
            json.WriteStartObject();
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", string.Join('/', file.Split('/').Select(Uri.EscapeDataString)));
            json.WriteEndObject();
            if (finding.Line is { } line)
            {
                json.WriteStartObject("region");
                json.WriteNumber("startLine", line);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", PlainText.OfLines(text));
        json.WriteEndObject();
    }
}
