using EventCalls.Replay.Gate;

namespace EventCalls.Replay.Tests.Gate;

public sealed class GateTests
{
    [Theory]
    [InlineData("changed>2%")]
    [InlineData("errors > 0")]
    [InlineData("notReplayable>=1")]
    [InlineData("not_replayable>0.5%")]
    [InlineData("same<95.5 %")]
    [InlineData("moved:+15551234567")]
    [InlineData("moved:sip:a@b.example;transport=udp>=10")]
    [InlineData("changed>0 where header.X-Tier=gold")]
    [InlineData("changed>2% WHERE caller=+1555* and hour=09")]
    [InlineData("load:+15551234567>120%")]
    [InlineData("load:+15551234567>=40 where trunk=carrier")]
    public void The_forms_of_a_rule_are_read(string text) => Assert.True(GateRule.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("changed")]
    [InlineData("changed=2")]
    [InlineData("changed>two")]
    [InlineData("changed>2.5")]
    [InlineData("changed>101%")]
    [InlineData("changed>-1")]
    [InlineData("altered>1")]
    [InlineData("moved:")]
    [InlineData("moved:>3")]
    [InlineData("errors>0 changed>0")]
    [InlineData("errors>99999999999999999999")]
    [InlineData("load:+4900")]
    [InlineData("load:>120%")]
    [InlineData("changed>0 where")]
    [InlineData("changed>0 where colour=red")]
    [InlineData("changed>0 where caller")]
    public void What_is_no_rule_is_refused(string text) => Assert.False(GateRule.TryParse(text, out _));

    [Theory]
    [InlineData("changed>25%", null)]
    [InlineData("changed>=25%", "changed>=25%: 1 of 4 calls changed, 25 %")]
    [InlineData("changed>0", "changed>0: 1 of 4 calls changed, 25 %")]
    [InlineData("errors>0", "errors>0: 1 of 4 calls with an error, 25 %")]
    [InlineData("notReplayable>1", null)]
    [InlineData("same<50%", "same<50%: 1 of 4 calls same, 25 %")]
    [InlineData("moved:+4900", "moved:+4900: 1 of 4 calls moved to or away from +4900, 25 %")]
    [InlineData("moved:+4100", "moved:+4100: 1 of 4 calls moved to or away from +4100, 25 %")]
    [InlineData("moved:+4100>1", null)]
    [InlineData("moved:support", "moved:support: 1 of 4 calls moved to or away from support, 25 %")]
    [InlineData("moved:+4800", null)]
    public async Task A_rule_trips_when_it_holds_and_says_by_how_much(string text, string? expected)
    {
        using var logic = Logics.Compile(Logics.Support);
        using var candidate = Logics.Compile(Logics.Support
            .Replace("return conv.CallerNumber == \"+15550001\"", "if (conv.CallerNumber == \"+1err\") throw new InvalidOperationException(); if (conv.CallerNumber == \"+1look\") conv.Lookup(\"t\", \"k\"); return conv.CallerNumber == \"+1\"", StringComparison.Ordinal));
        var past = new PastCalls(logic);
        var replayed = await Logics.ReplayAsync(candidate, [past.Call(), past.Call("+1err"), past.Call("+1look"), past.Call("+1777")]);
        Assert.True(GateRule.TryParse(text, out var rule));
        var totals = new ReplayTotals();

        foreach (var call in replayed)
        {
            totals.Add(call);
            rule.Add(call);
        }

        Assert.Equal((4, 1, 1, 1, 1), (totals.Calls, totals.Same, totals.Changed, totals.Errors, totals.NotReplayable));
        Assert.Equal(expected, rule.Find(totals));
    }

    [Fact]
    public void A_file_of_golden_calls_has_comments_and_expectations()
    {
        var calls = GoldenCall.Read(["# those that matter", "", "  a#1@example.com  # the mayor", "b flow=vip target=+4900", "\tc target=sip:x@y"]);

        Assert.Equal([new GoldenCall("a#1@example.com", null, null), new GoldenCall("b", "vip", "+4900"), new GoldenCall("c", null, "sip:x@y")], calls);
        Assert.Contains("line 2 has 'flow'", Assert.Throws<FormatException>(() => GoldenCall.Read(["a", "b flow"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_golden_call_must_not_change_or_must_come_to_what_is_said()
    {
        using var logic = Logics.Compile(Logics.Support);
        using var candidate = Logics.Compile(Logics.Support.Replace("\"+4900\"", "\"+4901\"", StringComparison.Ordinal));
        using var throwing = Logics.Compile(Logics.Start("throw new InvalidOperationException(\"x\");"));
        var past = new PastCalls(logic).Call();
        var same = await Logics.ReplayAsync(logic, past);
        var changed = await Logics.ReplayAsync(candidate, past);
        var error = await Logics.ReplayAsync(throwing, past);

        Assert.Null(new GoldenCall("a", null, null).Find(same));
        Assert.Equal("golden call a changed: target was +4900, now +4901", new GoldenCall("a", null, null).Find(changed));
        Assert.Null(new GoldenCall("a", "vip", "+4901").Find(changed));
        Assert.Equal("golden call a: invite +4900 via pstn, must go to +4901", new GoldenCall("a", "vip", "+4901").Find(same));
        Assert.Equal("golden call a: flow vip, must be general", new GoldenCall("a", "general", null).Find(same));
        Assert.Contains("x", new GoldenCall("a", "vip", null).Find(error), StringComparison.Ordinal);
    }
}
