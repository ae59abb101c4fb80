using EventCalls.Contracts;
using EventCalls.Replay;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Tests.Commands.Replay;

public sealed class ReplayReportViewTests
{
    private const string LongTarget = "invite sip:a-very-long-user-name-of-a-contact-centre@sip-trunk-17.region-north.partner.example.net;transport=tcp via pstn";

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_terminal_and_none_has_a_colour_where_it_is_none(int width)
    {
        var text = Text(Report(), width);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void What_changed_why_and_whether_callers_would_be_answered_is_there()
    {
        var text = Text(Report(), 120);

        Assert.Contains("415 of 10,000 calls (4.2 %) would be decided otherwise.", text, StringComparison.Ordinal);
        Assert.Contains("Header X-Tier is gold: true of 412 of 415 changed calls, and of 0 of 9,585 others.", text, StringComparison.Ordinal);
        Assert.Contains("No common cause was found for the other 3 of 415.", text, StringComparison.Ordinal);
        Assert.Contains("80.0 % (71.1–86.7 %)", text, StringComparison.Ordinal);
        Assert.Contains("15 of these would go first to a target of which no result was measured", text, StringComparison.Ordinal);
        Assert.Contains("System.FormatException at Start.cs:14: 2 calls", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_caller_sent_does_not_steer_the_terminal()
    {
        var report = Report();
        var text = Text(report with { ErrorGroups = new([report.ErrorGroups.Items[0] with { Message = "a\e[2Jb\r" }], 0) }, 100);

        Assert.DoesNotContain('\e', text);
        Assert.Contains("a\uFFFD[2Jb\uFFFD", text, StringComparison.Ordinal);
    }

    private static string Text(ReplayReport report, int width)
    {
        using var writer = new StringWriter();
        new ReplayReportView(Screen.On(writer, width)).Write(report);
        return writer.ToString();
    }

    private static ReplayReport Report()
    {
        var eighty = new Estimate(0.8, 0.711, 0.867);
        var none = new Estimate(0, 0, 0.037);
        var rates = new ResultRates(eighty, none, new Estimate(0.2, 0.133, 0.289), none, none, none);
        var counts = new ResultCounts(80, 0, 20, 0, 0, 0, 3, 0);
        return new ReplayReport
        {
            Run = new ReplayRun
            {
                Candidate = "sha256:" + new string('c', 64),
                CandidateName = "next-week",
                Store = "SQLite calls.db",
                Query = new CallQuery(),
                Where = "callee = +15551234",
                BeganAt = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero),
                Baseline = new Dictionary<string, long> { ["sha256:" + new string('b', 64)] = 10_000 },
            },
            Totals = new ReportTotals(9_583, 415, 2, 0),
            Flows = new([new Move("support", "support", 9_583), new Move("support", "vip_support", 415)], 0),
            Targets = new([new Move("invite 4100 via pstn", LongTarget, 415)], 0),
            Groups = new(
                [
                    new ChangeGroup
                    {
                        Retry = 0,
                        FromFlows = ["support"],
                        ToFlow = "vip_support",
                        Calls = 415,
                        Others = 9_585,
                        Unchanged = 9_585,
                        SampledCalls = 415,
                        SampledOthers = 9_585,
                        Unexplained = 3,
                        Finding = CauseFinding.Found,
                        Causes = [new Cause { Conditions = [new CauseCondition("header", "X-Tier", ["gold"], "header X-Tier is gold")], Changed = new Share(412, 415), Others = new Share(0, 9_585), Precision = 1 }],
                        Fields = new([], 0),
                        Values = new([], 0),
                        Examples = [Guid.Empty],
                    },
                ],
                0),
            Fields = new([], 0),
            ErrorGroups = new([new ErrorGroup(RoutingFailureCause.LogicThrew, "System.FormatException", "Start.cs", 14, "no number", 2, [])], 0),
            Unrecorded = new([], 0),
            MatchesNothing = new MatchesNothing(0, 0, 0, 0, new([], 0), []),
            WhatIf = new WhatIf
            {
                Calls = 415,
                Estimated = 400,
                WithoutHistory = 15,
                OnSmallHistory = 0,
                Expected = rates,
                Before = counts,
                BeforeRates = rates,
                Targets = new([new WhatIfTarget { Steps = [new TargetHistory(LongTarget, counts, rates)], Calls = 415, Expected = rates, IsSmall = false, Before = counts }], 0),
            },
        };
    }
}
