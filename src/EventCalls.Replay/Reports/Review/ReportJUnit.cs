using System.Globalization;
using System.Text;
using System.Xml;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Review;

/// <summary>The gate as JUnit's XML, which every build server shows: a test for each rule, golden call and announced change.</summary>
internal static class ReportJUnit
{
    /// <summary>Writes one suite.</summary>
    public static void Write(Stream stream, ReplayReport report)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), CloseOutput = false });
        var left = report.Tripped.ToList();
        var tests = new List<(string Name, string? Problem)>();
        foreach (string check in report.Checks)
        {
            string? problem = left.Find(t => t.StartsWith(check, StringComparison.Ordinal));
            if (problem is not null)
                left.Remove(problem);
            tests.Add((check, problem));
        }
        tests.AddRange(left.Select(problem => ("the replay can be relied on", (string?)problem)));
        if (tests.Count == 0)
            tests.Add(("the replay came to its end", report.Run.Cancelled ? "The run was stopped." : null));
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "eventcalls replay");
        xml.WriteAttributeString("tests", Number(tests.Count));
        xml.WriteAttributeString("failures", Number(tests.Count(t => t.Problem is not null)));
        xml.WriteAttributeString("time", report.Run.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        foreach (var (name, problem) in tests)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", "replay");
            xml.WriteAttributeString("name", Plain(name));
            if (problem is not null)
            {
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Plain(problem));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        xml.WriteElementString("system-out", Plain(string.Join('\n', ReportWords.Headline(report))));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // XML 1.0 has no other control characters.
    private static string Plain(string text) => string.Concat(PlainText.OfLines(text).Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));
}
