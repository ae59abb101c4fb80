using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

/// <summary>What is said beforehand of moved calls, against what would come of them.</summary>
public sealed class PredictionTests
{
    private static readonly Decided s_old = Decided("support", Invite("4100"));

    [Theory]
    [InlineData(100, 20, 0.75)]
    [InlineData(30, 20, 0.5)]
    [InlineData(200, 5, 0.9)]
    [InlineData(60, 400, 0.65)]
    public void The_share_of_the_moved_calls_lies_in_its_interval_in_95_percent_of_400_moves_and_more(int history, int moved, double answered)
    {
        int held = 0, meanHeld = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var whatIf = Report([.. History("4900", history, answered, random), .. Moved(moved, Decided("vip", Invite("4900")))]).WhatIf;
            double share = (double)Enumerable.Range(0, moved).Count(_ => random.NextDouble() < answered) / moved;
            if (Holds(whatIf.Predicted!.Answered, share))
                held++;
            if (Holds(whatIf.Expected!.Answered, share))
                meanHeld++;
        }

        Assert.InRange(held, 380, 400);
        // The interval of the rate answers another question.
        Assert.True(meanHeld < held, $"{meanHeld} of 400 in the interval of the rate, {held} in that of the calls");
    }

    [Fact]
    public void With_a_fallback_and_two_targets_it_holds_as_well()
    {
        int held = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var whatIf = Report(
            [
                .. History("4900", 80, 0.6, random), .. History("4901", 50, 0.4, random), .. History("4902", 40, 0.9, random),
                .. Moved(15, Decided("vip", Invite("4900"), Invite("4901"))), .. Moved(10, Decided("gold", Invite("4902"))),
            ]).WhatIf;
            int answered = Enumerable.Range(0, 15).Count(_ => random.NextDouble() < 0.6 || random.NextDouble() < 0.4) + Enumerable.Range(0, 10).Count(_ => random.NextDouble() < 0.9);
            if (Holds(whatIf.Predicted!.Answered, answered / 25.0))
                held++;
        }

        Assert.InRange(held, 380, 400);
    }

    [Fact]
    public void The_same_calls_give_the_same_interval_and_a_rejection_is_certain()
    {
        ReplayedCall[] calls = [.. History("4900", 50, 0.7, new Random(1)), .. Moved(20, Decided("vip", Invite("4900")))];

        Assert.Equal(Report(calls).WhatIf.Predicted, Report(calls).WhatIf.Predicted);
        Assert.Equal(new Estimate(1, 1, 1), Report(Moved(10, Decided("blocked", Reject(603)))).WhatIf.Predicted!.TurnedAway);
    }

    [Fact]
    public void Of_a_new_target_with_a_known_fallback_is_said_how_many_are_answered_at_least()
    {
        var whatIf = Report([.. History("4901", 100, 1, new Random(1)).Take(40), .. Moved(10, Decided("new", Invite("7777"), Invite("4901"))), .. Moved(3, Decided("newer", Invite("8888")))]).WhatIf;

        var known = whatIf.Targets.Items.Single(t => t.Calls == 10);
        Assert.Null(known.Predicted);
        Assert.Equal(1, known.AtLeast!.Value);
        Assert.True(known.AtLeast.Low < 1);
        Assert.Equal($"{ReportWords.Percent(known.AtLeast.Low)} or more", ReportWords.Answered(known));
        Assert.Null(whatIf.Targets.Items.Single(t => t.Calls == 3).AtLeast);
    }

    private static bool Holds(Estimate estimate, double share) => share >= estimate.Low - 1e-9 && share <= estimate.High + 1e-9;

    private static IEnumerable<ReplayedCall> History(string number, int attempts, double answered, Random random)
    {
        var target = Decided("history", Invite(number));
        for (int i = 0; i < attempts; i++)
            yield return Call(10_000 + i, target, outcomes: random.NextDouble() < answered ? TransferOutcome.Answered : TransferOutcome.NoAnswer);
    }

    private static IEnumerable<ReplayedCall> Moved(int count, Decided now)
    {
        for (int i = 0; i < count; i++)
            yield return Call(50_000 + i, s_old, now, outcomes: TransferOutcome.NoAnswer);
    }
}
