using EventCalls.Contracts;
using EventCalls.Routing.Canary;

namespace EventCalls.Routing.Tests.Canary;

public class CanaryShareTests
{
    [Theory]
    [InlineData(CanarySplit.Call)]
    [InlineData(CanarySplit.Caller)]
    public void A_share_is_as_large_as_it_says_and_who_has_a_small_one_has_every_larger_one(CanarySplit split)
    {
        var random = new Random(7);
        byte[] id = new byte[16];
        int[] shares = [1, 5, 25, 99, 100];
        int[] calls = new int[shares.Length];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(id);
            var started = Calls.Started(caller: $"+1555{i:0000000}") with { CallId = new Guid(id) };
            bool before = false;
            for (int s = 0; s < shares.Length; s++)
            {
                bool has = CanaryShare.Has(Record(split, shares[s]), started);
                Assert.Equal(has, CanaryShare.Has(Record(split, shares[s]), started));
                Assert.True(has || !before);
                before = has;
                calls[s] += has ? 1 : 0;
            }
        }
        Assert.Equal(20_000, calls[^1]);
        foreach (var (share, of) in shares.Zip(calls))
            Assert.InRange(of / 200.0, share - 1.1, share + 1.1);
    }

    [Fact]
    public void Split_by_the_caller_one_who_calls_again_is_decided_by_the_same_version()
    {
        foreach (int share in (int[])[1, 30, 60])
        {
            for (int i = 0; i < 200; i++)
            {
                string caller = $"+1555{i:0000000}";
                var first = Calls.Started(caller: caller);
                Assert.Equal(CanaryShare.Has(Record(CanarySplit.Caller, share), first), CanaryShare.Has(Record(CanarySplit.Caller, share), first with { CallId = Guid.NewGuid() }));
            }
        }
    }

    [Fact]
    public void Callers_without_a_number_are_not_all_one_caller()
    {
        var has = Enumerable.Range(0, 200).Select(_ => CanaryShare.Has(Record(CanarySplit.Caller, 50), Calls.Started(caller: "") with { CallId = Guid.NewGuid() }));
        Assert.Equal(2, has.Distinct().Count());
    }

    [Fact]
    public void Not_the_same_callers_are_the_first_with_every_version()
    {
        var callers = Enumerable.Range(0, 1000).Select(i => Calls.Started(caller: $"+1555{i:0000000}")).ToList();
        var record = Record(CanarySplit.Caller, 10);
        Assert.NotEqual(callers.Where(c => CanaryShare.Has(record, c)), callers.Where(c => CanaryShare.Has(record with { Challenger = "sha256:c" }, c)));
    }

    internal static CanaryRecord Record(CanarySplit split, int share) => new()
    {
        Number = 1,
        Change = CanaryChange.Started,
        Challenger = "sha256:b",
        Share = share,
        Step = 0,
        Plan = CanaryPlan.Usual with { Split = split },
        By = "anna",
        At = Calls.Noon,
        Activation = 0,
        Position = 0,
    };
}
