using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Resuming;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Gate;

/// <summary>Rules on a segment of the calls, and on how many calls a target gets within an hour.</summary>
public sealed class SegmentGateTests
{
    private static readonly Decided s_was = Decided("support", Invite("+4100"));
    private static readonly Decided s_now = Decided("vip", Invite("+4900"));

    [Theory]
    [InlineData("changed>0 where header.X-Tier=gold", "changed>0 where header.X-Tier=gold: 1 of 2 calls with header X-Tier = gold changed, 50 %")]
    [InlineData("changed>50% where header.X-Tier=gold", null)]
    [InlineData("changed>0 where header.X-Tier=silver", null)]
    [InlineData("changed>0 where header.X-Tier=* and caller=+1666*", "changed>0 where header.X-Tier=* and caller=+1666*: no call with header X-Tier = * and caller = +1666* was decided again, so that the rule shows nothing")]
    [InlineData("moved:+4900 where header.X-Tier=gold", "moved:+4900 where header.X-Tier=gold: 1 of 2 calls with header X-Tier = gold moved to or away from +4900, 50 %")]
    public void A_rule_of_a_segment_looks_at_no_other_call(string text, string? expected)
    {
        ReplayedCall[] calls = [Call(1, s_was, s_now, headers: [("X-Tier", "gold")]), Call(2, s_was, headers: [("X-Tier", "gold")]), Call(3, s_was, headers: [("X-Tier", "silver")]), Call(4, s_was, s_now)];

        Assert.Equal(expected, Find(text, calls));
    }

    [Theory]
    [InlineData("load:+4900>120%", "load:+4900>120%: 4 calls in the hour from 2026-03-02 09:00 UTC, its measured peak is 3")]
    [InlineData("load:+4900>134%", null)]
    [InlineData("load:+4900>3", "load:+4900>3: 4 calls in the hour from 2026-03-02 09:00 UTC, its measured peak is 3")]
    [InlineData("load:+4900>4", null)]
    [InlineData("load:+4100>100%", null)]
    [InlineData("load:+4800>100%", null)]
    [InlineData("load:+4950>100%", "load:+4950>100%: 1 call in the hour from 2026-03-02 10:00 UTC, it was never called in these calls, so that there is no measured peak")]
    public void A_targets_busiest_hour_is_compared_with_its_measured_peak(string text, string? expected)
    {
        var at = Monday.AddHours(9);
        ReplayedCall[] calls =
        [
            // The measured peak is at 8: three attempts. At 9 it had two, and two more calls would come.
            .. Enumerable.Range(1, 3).Select(i => Call(i, s_now, at: at.AddMinutes(-i), outcomes: TransferOutcome.Answered)),
            .. Enumerable.Range(4, 2).Select(i => Call(i, s_now, at: at.AddMinutes(i), outcomes: TransferOutcome.Answered)),
            .. Enumerable.Range(6, 2).Select(i => Call(i, s_was, s_now, at: at.AddMinutes(i), outcomes: TransferOutcome.Answered)),
            Call(8, s_was, Decided("support", Invite("+4950")), at: at.AddHours(1), outcomes: TransferOutcome.Busy),
        ];

        Assert.Equal(expected, Find(text, calls));
    }

    [Fact]
    public void What_segments_and_hours_had_counted_is_there_after_a_stop()
    {
        ReplayedCall[] calls = [Call(1, s_was, s_now, headers: [("X-Tier", "gold")], outcomes: TransferOutcome.Answered), Call(2, s_was, headers: [("X-Tier", "gold")], outcomes: TransferOutcome.Busy)];
        string[] rules = ["changed>0 where header.X-Tier=gold", "load:+4900>100%", "load:+4100<50%"];
        using var before = new ReplayProgressState([.. rules.Select(Rule)]);
        foreach (var call in calls)
            before.Add(call);
        using var saved = new MemoryStream();
        before.Save(saved, "replay", TimeSpan.Zero);
        saved.Position = 0;
        using var after = new ReplayProgressState([.. rules.Select(Rule)]);

        after.Load(saved, "replay");

        Assert.Equal(before.Rules.Select(r => r.Find(before.Totals)), after.Rules.Select(r => r.Find(after.Totals)));
        Assert.NotNull(after.Rules[0].Find(after.Totals));
        Assert.NotNull(after.Rules[1].Find(after.Totals));
    }

    private static GateRule Rule(string text)
    {
        Assert.True(GateRule.TryParse(text, out var rule));
        return rule;
    }

    private static string? Find(string text, IReadOnlyList<ReplayedCall> calls)
    {
        var rule = Rule(text);
        var totals = new ReplayTotals();
        foreach (var call in calls)
        {
            totals.Add(call);
            rule.Add(call);
        }
        return rule.Find(totals);
    }
}
