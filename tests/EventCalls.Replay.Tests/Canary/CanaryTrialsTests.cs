using EventCalls.Contracts;
using EventCalls.Replay.Canary;
using Xunit.Abstractions;

namespace EventCalls.Replay.Tests.Canary;

/// <summary>A thousand canaries each, simulated: how often they come to the wrong end.</summary>
public class CanaryTrialsTests(ITestOutputHelper output)
{
    private const int Trials = 1000;
    private const int MostCalls = 6000;

    private static readonly CanaryPlan s_plan = CanaryPlan.Usual with
    {
        Steps = [new(5, 10, 0), new(20, 20, 0), new(50, 50, 0), new(100, 0, 0)],
        Margin = 0.15,
    };

    [Fact]
    public void A_challenger_that_is_as_good_is_rolled_back_no_more_often_than_promised()
    {
        var ends = Ends(champion: 0.9, challenger: 0.9, seed: 1);
        Assert.InRange(ends[CanaryChange.RolledBack], 0, Trials * s_plan.Alpha);
        Assert.True(ends[CanaryChange.Promoted] > Trials * 0.9, $"{ends[CanaryChange.Promoted]} were promoted");
    }

    [Fact]
    public void A_challenger_that_is_better_is_promoted()
    {
        var ends = Ends(champion: 0.8, challenger: 0.9, seed: 2);
        Assert.InRange(ends[CanaryChange.RolledBack], 0, Trials * s_plan.Alpha);
        Assert.True(ends[CanaryChange.Promoted] > Trials * 0.95, $"{ends[CanaryChange.Promoted]} were promoted");
    }

    [Fact]
    public void A_challenger_that_is_worse_by_the_margin_is_promoted_no_more_often_than_promised()
    {
        var ends = Ends(champion: 0.9, challenger: 0.9 - s_plan.Margin, seed: 3);
        Assert.InRange(ends[CanaryChange.Promoted], 0, Trials * s_plan.Alpha);
        Assert.True(ends[CanaryChange.RolledBack] > Trials * 0.95, $"{ends[CanaryChange.RolledBack]} were rolled back");
    }

    [Fact]
    public void A_challenger_with_a_much_worse_target_is_always_rolled_back()
    {
        var ends = Ends(champion: 0.95, challenger: 0.5, seed: 4);
        Assert.Equal(Trials, ends[CanaryChange.RolledBack]);
    }

    // Looked at after every call of the challenger's: that is what would mislead a test that is meant to be looked at once.
    private Dictionary<CanaryChange, int> Ends(double champion, double challenger, int seed)
    {
        var random = new Random(seed);
        var ends = new Dictionary<CanaryChange, int> { [CanaryChange.RolledBack] = 0, [CanaryChange.Promoted] = 0, [CanaryChange.Started] = 0 };
        long calls = 0;
        for (int i = 0; i < Trials; i++)
        {
            var (end, after) = EndOf(random, champion, challenger);
            ends[end]++;
            calls += after;
        }
        output.WriteLine($"{champion:0.00} and {challenger:0.00}: {ends[CanaryChange.RolledBack]} rolled back, {ends[CanaryChange.Promoted]} promoted, {ends[CanaryChange.Started]} still held after {MostCalls} calls; {calls / Trials} calls on average");
        return ends;
    }

    private static (CanaryChange End, int Calls) EndOf(Random random, double champion, double challenger)
    {
        var record = Canaries.Record(s_plan);
        var counts = CanaryCounts.None;
        for (int n = 1; n <= MostCalls; n++)
        {
            if (random.Next(100) >= record.Share)
            {
                counts = counts with { ChampionCalls = counts.ChampionCalls + 1, ChampionGood = counts.ChampionGood + (random.NextDouble() < champion ? 1 : 0) };
                continue;
            }
            counts = counts with { ChallengerCalls = counts.ChallengerCalls + 1, ChallengerGood = counts.ChallengerGood + (random.NextDouble() < challenger ? 1 : 0) };
            switch (CanaryVerdict.Of(record, counts, null, record.At).Move)
            {
                case CanaryMove.RollBack:
                    return (CanaryChange.RolledBack, n);
                case CanaryMove.Promote:
                    return (CanaryChange.Promoted, n);
                case CanaryMove.Raise:
                    record = record with { Step = record.Step + 1, Share = s_plan.Steps[record.Step + 1].Share };
                    counts = CanaryCounts.None;
                    break;
            }
        }
        return (CanaryChange.Started, MostCalls);
    }
}
