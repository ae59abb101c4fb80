using System.Text;
using CsvHelper;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Csv;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed class ReportCsvTests
{
    private static readonly string[] s_names = ["sip_call_id", "started_at", "caller", "flow_was", "flow_now", "target_was", "target_now", "outcome_was", "fields", "changes"];

    [Fact]
    public void A_reader_gets_back_what_was_written_commas_quotes_and_line_feeds_too()
    {
        var was = Decided("sup,port", Invite("4100")).With("note", "a \"b\",\r\nc");
        var row = Assert.Single(Read(Call(7, was, Decided("vip", Invite("4900")), outcomes: TransferOutcome.NoAnswer)));

        Assert.Equal("sup,port", row["flow_was"]);
        Assert.Equal("vip", row["flow_now"]);
        Assert.Equal("invite 4100 via pstn", row["target_was"]);
        Assert.Equal("invite 4900 via pstn", row["target_now"]);
        Assert.Equal("no_answer", row["outcome_was"]);
        Assert.Equal("flow target state.note", row["fields"]);
        Assert.Equal("flow: sup,port -> vip; target: invite 4100 via pstn -> invite 4900 via pstn; state.note: a \"b\",\r\nc -> (none)", row["changes"]);
        Assert.Equal("2026-03-02T00:00:07Z", row["started_at"]);
        Assert.Equal("7@192.0.2.1", row["sip_call_id"]);
    }

    [Fact]
    public void Telephone_numbers_stay_as_they_are() => Assert.Equal("+15550001111", Assert.Single(Read(Moved(caller: "+15550001111")))["caller"]);

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil.example\")")]
    [InlineData("+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    [InlineData("+")]
    public void What_a_spreadsheet_would_compute_is_made_a_text(string caller) => Assert.Equal("'" + caller, Assert.Single(Read(Moved(caller: caller)))["caller"]);

    [Fact]
    public void Lines_end_as_RFC_4180_says_and_there_is_one_for_each_changed_call()
    {
        var text = Write([Moved(), Moved(), Call(9, Decided("a", Invite("1")))]);

        Assert.Equal(3, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("call_id,sip_call_id,started_at,caller,callee,trunk,flow_was,flow_now,", text, StringComparison.Ordinal);
    }

    private static ReplayedCall Moved(string caller = "") => Call(3, Decided("a", Invite("1")), Decided("b", Invite("2")), caller: caller);

    private static string Write(IEnumerable<ReplayedCall> calls)
    {
        using var builder = new ReplayReportBuilder();
        foreach (var call in calls)
            builder.Add(call);
        var stream = new MemoryStream();
        ReportCsv.Write(stream, builder.Changes);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static List<Dictionary<string, string>> Read(ReplayedCall call)
    {
        using var csv = CsvReader.Create(new StringReader(Write([call])), CsvReaderOptions.Default);
        var rows = new List<Dictionary<string, string>>();
        foreach (var row in csv)
        {
            var cells = new Dictionary<string, string>();
            foreach (var name in s_names)
                cells[name] = row[name].ToString();
            rows.Add(cells);
        }
        return rows;
    }
}
