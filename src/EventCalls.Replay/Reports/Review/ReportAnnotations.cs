using System.Globalization;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Review;

/// <summary>Findings as lines that a workflow of GitHub puts beside the source: <c>::warning file=…,line=…,title=…::text</c>.</summary>
internal static class ReportAnnotations
{
    /// <summary>Writes a line for each finding, and one for each reason why the gate lets it not pass.</summary>
    public static void Write(Stream stream, ReplayReport report)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (string tripped in report.Tripped)
            writer.WriteLine($"::error title={Property("Replay gate")}::{Message(tripped)}");
        foreach (var finding in ReviewFinding.Of(report))
        {
            string kind = finding.Rule == "changed" ? "warning" : "error";
            string place = finding.File is null ? "" : $"file={Property(finding.File)},{(finding.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line={line},") : "")}";
            writer.WriteLine($"::{kind} {place}title={Property(finding.Title)}::{Message(finding.Text)}");
        }
    }

    private static string Message(string text) => PlainText.OfLines(text).Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Message(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
