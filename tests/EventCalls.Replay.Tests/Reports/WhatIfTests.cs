using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Outcomes;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed class WhatIfTests
{
    private static readonly Decided s_old = Decided("support", Invite("4100"));
    private static int s_next = 100_000;

    [Fact]
    public void A_target_that_answered_80_of_100_is_expected_to_answer_80_percent_with_its_Wilson_interval()
    {
        var whatIf = Report([.. History("4900", (TransferOutcome.Answered, 80), (TransferOutcome.Busy, 15), (TransferOutcome.Declined, 5)), .. Moved(40, Decided("vip", Invite("4900")))]).WhatIf;

        var target = Assert.Single(whatIf.Targets.Items);
        Assert.Equal((40L, 40L, 0L, 0L), (whatIf.Calls, whatIf.Estimated, whatIf.WithoutHistory, whatIf.OnSmallHistory));
        Near(Wilson.Of(80, 100), whatIf.Expected!.Answered);
        Near(Wilson.Of(15, 100), whatIf.Expected.Busy);
        Near(Wilson.Of(5, 100), whatIf.Expected.Failed);
        Near(whatIf.Expected.Answered, target.Expected!.Answered);
        Assert.False(target.IsSmall);
    }

    [Fact]
    public void Beside_it_stands_what_the_old_targets_gave_for_the_same_calls()
    {
        var now = Decided("vip", Invite("4900"));
        var whatIf = Report(
        [
            .. History("4900", (TransferOutcome.Answered, 50)),
            .. Enumerable.Range(500, 10).Select(i => Call(i, s_old, now, outcomes: i < 507 ? TransferOutcome.NoAnswer : TransferOutcome.Answered)),
            .. Enumerable.Range(600, 30).Select(i => Call(i, s_old, outcomes: TransferOutcome.Answered)),
        ]).WhatIf;

        Assert.Equal(new ResultCounts(3, 0, 0, 7, 0, 0, 0, 0), whatIf.Before);
        Near(Wilson.Of(3, 10), whatIf.BeforeRates!.Answered);
    }

    [Fact]
    public void Fallbacks_are_reached_by_what_the_target_before_does_not_take()
    {
        var now = Decided("vip", Invite("4900"), Invite("4901"));
        var whatIf = Report(
        [
            .. History("4900", (TransferOutcome.Answered, 60), (TransferOutcome.Busy, 40)),
            .. History("4901", (TransferOutcome.Answered, 25), (TransferOutcome.NoAnswer, 75)),
            .. Moved(10, now),
        ]).WhatIf;

        var expected = whatIf.Expected!;
        Assert.Equal(0.6 + 0.4 * 0.25, expected.Answered.Value, 9);
        Assert.Equal(0.4 * 0.75, expected.NoAnswer.Value, 9);
        Assert.Equal(0, expected.Busy.Value, 9);
        // By hand: the answer rate moves with the first target's by 1 - 0.25, with the second one's by 0.4.
        var (first, second) = (Wilson.Of(60, 100), Wilson.Of(25, 100));
        Assert.Equal(0.7 - Math.Sqrt(Math.Pow(0.75 * (0.6 - first.Low), 2) + Math.Pow(0.4 * (0.25 - second.Low), 2)), expected.Answered.Low, 9);
        Assert.Equal(0.7 + Math.Sqrt(Math.Pow(0.75 * (first.High - 0.6), 2) + Math.Pow(0.4 * (second.High - 0.25), 2)), expected.Answered.High, 9);
    }

    [Fact]
    public void A_fallback_without_history_leaves_its_share_unknown()
    {
        var whatIf = Report([.. History("4900", (TransferOutcome.Answered, 60), (TransferOutcome.Busy, 40)), .. Moved(10, Decided("vip", Invite("4900"), Invite("7777")))]).WhatIf;

        Assert.Equal(0.6, whatIf.Expected!.Answered.Value, 9);
        Assert.Equal(0.4, whatIf.Expected.Unknown, 9);
        Assert.Equal(0, whatIf.Expected.Busy.Value);
    }

    [Fact]
    public void Calls_to_a_target_without_history_are_counted_and_not_estimated()
    {
        var whatIf = Report([.. History("4900", (TransferOutcome.Answered, 60)), .. Moved(10, Decided("vip", Invite("4900"))), .. Moved(5, Decided("new", Invite("7777")))]).WhatIf;

        Assert.Equal((15L, 10L, 5L), (whatIf.Calls, whatIf.Estimated, whatIf.WithoutHistory));
        Assert.Null(whatIf.Targets.Items.Single(t => t.Calls == 5).Expected);
        Assert.Equal(10, whatIf.Before.NoAnswer);
    }

    [Fact]
    public void A_caller_who_gave_up_says_nothing_about_the_target()
    {
        var whatIf = Report([.. History("4900", (TransferOutcome.Answered, 30), (TransferOutcome.CallerHungUp, 70)), .. Moved(1, Decided("vip", Invite("4900")))]).WhatIf;

        Assert.Equal(1, whatIf.Expected!.Answered.Value);
        Assert.Equal((30L, 70L), (whatIf.Targets.Items[0].Steps[0].Results.Counted, whatIf.Targets.Items[0].Steps[0].Results.CallerHungUp));
    }

    [Fact]
    public void A_REFER_that_was_only_accepted_is_not_called_answered()
    {
        var refer = Decided("billing", Refer("sip:billing@pbx.example.com"));
        var whatIf = Report([.. Enumerable.Range(0, 50).Select(i => Call(i, refer, outcomes: TransferOutcome.Accepted)), .. Moved(10, refer)]).WhatIf;

        Assert.Equal(0, whatIf.Expected!.Answered.Value);
        Assert.Equal(1, whatIf.Expected.Accepted.Value);
    }

    [Fact]
    public void A_rejection_needs_no_history()
    {
        var whatIf = Report(Moved(10, Decided("blocked", Reject(603)))).WhatIf;

        Assert.Equal((10L, new Estimate(1, 1, 1)), (whatIf.Estimated, whatIf.Expected!.TurnedAway));
    }

    [Fact]
    public void A_small_history_is_called_small()
    {
        var whatIf = Report([.. History("4900", (TransferOutcome.Answered, WhatIf.SmallHistory - 1)), .. Moved(10, Decided("vip", Invite("4900")))]).WhatIf;

        Assert.True(Assert.Single(whatIf.Targets.Items).IsSmall);
        Assert.Equal(10, whatIf.OnSmallHistory);
    }

    [Fact]
    public void The_rates_add_up_to_one()
    {
        var whatIf = Report(
        [
            .. History("4900", (TransferOutcome.Answered, 3), (TransferOutcome.Busy, 4), (TransferOutcome.Error, 2)),
            .. History("4901", (TransferOutcome.Accepted, 5), (TransferOutcome.NoAnswer, 6)),
            .. Moved(7, Decided("a", Invite("4900"), Invite("4901"), Reject(480))),
            .. Moved(5, Decided("b", Invite("4901"), Invite("7777"))),
            .. Moved(3, Decided("c", Invite("4901"), Invite("4900"))),
        ]).WhatIf;

        var e = whatIf.Expected!;
        Assert.Equal(1, e.Answered.Value + e.Accepted.Value + e.Busy.Value + e.NoAnswer.Value + e.Failed.Value + e.TurnedAway.Value + e.Unknown, 9);
        Assert.All([e.Answered, e.Accepted, e.Busy, e.NoAnswer, e.Failed, e.TurnedAway], x => Assert.True(0 <= x.Low && x.Low <= x.Value && x.Value <= x.High && x.High <= 1));
    }

    [Fact]
    public void Another_flow_to_the_same_targets_moves_nobody()
    {
        var whatIf = Report(Moved(10, Decided("renamed", Invite("4100")))).WhatIf;

        Assert.Equal((0L, null), (whatIf.Calls, whatIf.Expected));
    }

    private static IEnumerable<ReplayedCall> History(string number, params (TransferOutcome Outcome, int Count)[] results) =>
        results.SelectMany(r => Enumerable.Range(0, r.Count).Select(_ => Call(Interlocked.Increment(ref s_next), Decided("other", Invite(number)), outcomes: r.Outcome)));

    private static IEnumerable<ReplayedCall> Moved(int count, Decided now) =>
        Enumerable.Range(0, count).Select(_ => Call(Interlocked.Increment(ref s_next), s_old, now, outcomes: TransferOutcome.NoAnswer));

    private static void Near(Estimate expected, Estimate actual)
    {
        Assert.Equal(expected.Value, actual.Value, 9);
        Assert.Equal(expected.Low, actual.Low, 9);
        Assert.Equal(expected.High, actual.High, 9);
    }
}
