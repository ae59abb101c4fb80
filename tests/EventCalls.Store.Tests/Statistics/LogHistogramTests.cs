using EventCalls.Store.Statistics;

namespace EventCalls.Store.Tests.Statistics;

public class LogHistogramTests
{
    [Fact]
    public void Nothing_has_no_percentile() => Assert.Null(new LogHistogram().Percentile(0.5));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(12_345)]
    [InlineData(long.MaxValue)]
    public void One_value_is_every_percentile(long value)
    {
        var histogram = Of([value]);
        Assert.Equal(value, histogram.Percentile(0));
        Assert.Equal(value, histogram.Percentile(0.5));
        Assert.Equal(value, histogram.Percentile(1));
    }

    [Fact]
    public void A_percentile_is_never_less_than_the_true_one_and_at_most_three_percent_more()
    {
        var random = new Random(11);
        long[] values = [.. Enumerable.Range(0, 5_000).Select(_ => (long)Math.Exp(random.NextDouble() * 16))];
        var histogram = Of(values);
        Array.Sort(values);
        foreach (double share in (double[])[0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1])
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(share * values.Length) - 1)];
            Assert.InRange(histogram.Percentile(share)!.Value, exact, exact * 33 / 32);
        }
        Assert.Equal(5_000, histogram.Count());
    }

    [Fact]
    public void Two_added_are_as_one_that_counted_all()
    {
        var both = Of([3, 700, 90_000]);
        both.Add(Of([5, 700]));
        var all = Of([3, 700, 90_000, 5, 700]);
        Assert.Equal(all.Buckets, both.Buckets);
        Assert.Equal(90_000, both.Greatest);
    }

    [Fact]
    public void What_is_below_zero_counts_as_zero() => Assert.Equal(0, Of([-5]).Percentile(1));

    private static LogHistogram Of(long[] values)
    {
        var histogram = new LogHistogram();
        foreach (long value in values)
            histogram.Add(value);
        return histogram;
    }
}
