using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Outcomes;

namespace EventCalls.Replay.Tests.Reports;

public sealed class WilsonTests
{
    [Theory]
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_that_of_the_literature(long count, long of, double low, double high)
    {
        var estimate = Wilson.Of(count, of);

        Assert.Equal((double)count / of, estimate.Value, 12);
        Assert.Equal(low, estimate.Low, 4);
        Assert.Equal(high, estimate.High, 4);
    }

    [Fact]
    public void Nothing_observed_says_nothing() => Assert.Equal(new Estimate(0, 0, 1), Wilson.Of(0, 0));

    [Fact]
    public void The_interval_of_all_is_that_of_none_turned_around()
    {
        var (none, all) = (Wilson.Of(0, 12), Wilson.Of(12, 12));

        Assert.Equal(1, all.High);
        Assert.Equal(1 - none.High, all.Low, 12);
    }
}
