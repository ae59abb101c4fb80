using EventCalls.Replay.Calls;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Resuming;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Gate;

public sealed class ExpectedChangesTests
{
    private static readonly Decided s_was = Decided("support", Invite("+4900"));
    private static readonly Decided s_moved = Decided("support", Invite("+4950"));

    [Theory]
    [InlineData("""{ "target": "+4950" }""", """{ "flow": "support", "target": "+4900", "caller": "+1555*", "header.X-Tier": "gold" }""", true)]
    [InlineData("""{ "target": { "was": "+4900", "now": "+49*" } }""", """{}""", true)]
    [InlineData("""{ "tar*": "*" }""", """{ "target": "invite +49*" }""", true)]
    [InlineData("""{ "target": "+4951" }""", """{}""", false)]
    [InlineData("""{ "target": { "was": "+4100", "now": "+4950" } }""", """{}""", false)]
    [InlineData("""{ "flow": "*" }""", """{}""", false)]
    [InlineData("""{ "target": "*" }""", """{ "flow": "vip" }""", false)]
    [InlineData("""{ "target": "*" }""", """{ "header.X-Tier": "silver" }""", false)]
    [InlineData("""{ "target": "*" }""", """{ "target": "+4100" }""", false)]
    public void A_rule_excuses_the_change_it_names_of_the_calls_it_names_and_no_other(string may, string where, bool isExpected)
    {
        var expected = Read($$"""{ "expected": [ {{Rule("move", may, where)}} ] }""");
        var call = expected.Mark(Changed(1, s_moved, new FieldChange("target", "+4900", "+4950")));

        Assert.Equal(isExpected ? ["move"] : [], call.Expected);
        Assert.Equal(isExpected ? 1 : 0, expected.Rules[0].Calls);
    }

    [Fact]
    public void A_call_that_changes_in_something_more_is_no_expected_one_but_several_rules_together_may_say_it()
    {
        var both = Decided("vip", Invite("+4950"));
        string move = Rule("move", """{ "target": "*" }"""), rename = Rule("rename", """{ "flow": "vip" }""");

        Assert.Empty(Read($$"""{ "expected": [ {{move}} ] }""").Mark(Changed(1, both, new FieldChange("flow", "support", "vip"), new FieldChange("target", "+4900", "+4950"))).Expected);
        Assert.Equal(["move", "rename"], Read($$"""{ "expected": [ {{move}}, {{rename}} ] }""").Mark(Changed(1, both, new FieldChange("flow", "support", "vip"), new FieldChange("target", "+4900", "+4950"))).Expected.Order());
    }

    [Fact]
    public void Expected_calls_are_counted_apart_and_stand_in_no_group_but_in_the_file_of_changed_calls()
    {
        var expected = Read($$"""{ "expected": [ {{Rule("move", """{ "target": "+4950" }""")}} ] }""");
        using var state = new ReplayProgressState([], expected);

        state.Add(Changed(1, s_moved, new FieldChange("target", "+4900", "+4950")));
        state.Add(Call(2, s_was, Decided("support", Invite("+4100"))));
        state.Add(Call(3, s_was));
        var report = state.Report.Build(Run()) with { Expected = ExpectedReport.Of(expected) };

        Assert.Equal(new ReportTotals(1, 1, 0, 0, 0, 1), report.Totals);
        Assert.Equal((1, 1, 3), (state.Totals.Changed, state.Totals.Expected, state.Totals.Calls));
        Assert.Equal(1, Assert.Single(report.Groups.Items).Calls);
        Assert.Equal(2, state.Report.Changes.Count);
        Assert.Equal("move: 1 call. it moves (Ada, until 2026-12-31)", ReportText.Expected(report.Expected[0]));
        Assert.Contains(ReportWords.Headline(report), s => s.StartsWith("Another 1 (33.3 %)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_that_expired_excuses_nothing_and_trips_and_so_does_one_that_no_call_met()
    {
        var expected = Read($$"""{ "expected": [ {{Rule("old", """{ "target": "*" }""", expires: "2026-03-31")}}, {{Rule("slip", """{ "target": "+4999" }""")}}, {{Rule("met", """{ "flow": "*" }""")}} ] }""", "2026-04-01");

        Assert.Empty(expected.Mark(Call(1, s_was, s_moved)).Expected);
        expected.Mark(Changed(2, Decided("vip", Invite("+4900")), new FieldChange("flow", "support", "vip")));

        Assert.Equal(
            [
                "expected change 'old' of Ada expired on 2026-03-31: remove it, or have its 'expires' renewed",
                "expected change 'slip' of Ada was met by no call: remove it, or correct its 'where' and 'may'",
            ],
            expected.Find());
        Assert.False(Read($$"""{ "expected": [ {{Rule("last-day", """{ "target": "*" }""", expires: "2026-03-31")}} ] }""", "2026-03-31").IsExpired(expected.Rules[2]));
    }

    [Fact]
    public void A_value_that_is_gone_is_announced_by_null()
    {
        var expected = Read($$"""{ "expected": [ {{Rule("no-endpoint", """{ "outbound_endpoint": null }""")}} ] }""");
        Assert.Empty(expected.Mark(Changed(1, s_moved, new FieldChange("outbound_endpoint", "pstn", "desk"))).Expected);
        Assert.Equal(["no-endpoint"], expected.Mark(Changed(2, s_moved, new FieldChange("outbound_endpoint", "pstn", null))).Expected);
    }

    [Fact]
    public void A_replay_that_was_stopped_does_not_go_on_with_a_rule_that_says_something_else_by_the_same_name()
    {
        string was = $$"""{ "expected": [ {{Rule("move", """{ "target": "+4950" }""")}} ] }""";
        using var stopped = new ReplayProgressState([], Read(was));
        using var file = new MemoryStream();
        stopped.Save(file, "a replay", TimeSpan.Zero);

        file.Position = 0;
        using var same = new ReplayProgressState([], Read(was));
        same.Load(file, "a replay");
        file.Position = 0;
        using var other = new ReplayProgressState([], Read(was.Replace("+4950", "*", StringComparison.Ordinal)));
        Assert.Equal("it has other expected changes", Assert.Throws<InvalidDataException>(() => other.Load(file, "a replay")).Message);
    }

    [Theory]
    [InlineData("[]", "it has no list \"expected\"")]
    [InlineData("{ \"expected\": [ 1 ] }", "rule 1 is no object")]
    [InlineData("{ \"expected\": [ { } ] }", "rule 1: 'name' is missing or no text; give a short name")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"becomes\": 1 } ] }", "rule 1 ('a') has a member 'becomes'; possible are name, where")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"author\": \"b\", \"expires\": \"2026-01-01\", \"may\": {\"flow\": \"*\"} } ] }", "rule 1 ('a'): 'reason' is missing")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"reason\": \"r\", \"author\": \"b\", \"expires\": \"soon\", \"may\": {\"flow\": \"*\"} } ] }", "'expires' is 'soon'; give the last day it holds, such as 2026-12-31")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"reason\": \"r\", \"author\": \"b\", \"expires\": \"2026-01-01\" } ] }", "'may' is missing or empty; write")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"reason\": \"r\", \"author\": \"b\", \"expires\": \"2026-01-01\", \"may\": {\"flow\": 1} } ] }", "'may.flow' is no text and no object")]
    [InlineData("{ \"expected\": [ { \"name\": \"a\", \"reason\": \"r\", \"author\": \"b\", \"expires\": \"2026-01-01\", \"may\": {\"flow\": \"*\"}, \"where\": {\"colour\": \"red\"} } ] }", "'where.colour' is no field of a call; possible are caller, callee")]
    [InlineData("{", "it is no JSON")]
    public void A_file_that_is_none_is_refused_with_the_field_and_what_to_do(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static ReplayedCall Changed(int number, Decided now, params FieldChange[] changes) => Call(number, s_was, now, headers: [("X-Tier", "gold")]) with { Changes = changes };

    private static ExpectedChanges Read(string json, string day = "2026-03-02") => ExpectedChangesFile.Read(json, DateTimeOffset.Parse(day + "T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    private static string Rule(string name, string may, string where = "{}", string expires = "2026-12-31") =>
        $$"""{ "name": "{{name}}", "where": {{where}}, "may": {{may}}, "reason": "it moves", "author": "Ada", "expires": "{{expires}}" }""";
}
