using EventCalls.Replay.Deciding;

namespace EventCalls.Replay.Tests;

public sealed class RateLimitTests
{
    private readonly Clock _time = new();

    [Fact]
    public async Task So_many_are_let_through_in_a_second_evenly()
    {
        var rate = new RateLimit(10, _time);

        // A tenth of a second lies between one and the next.
        Assert.Equal([0, 100, 200, 300], Enumerable.Range(0, 4).Select(_ => Waits(rate)));
        _time.Now += TimeSpan.FromMilliseconds(350);
        Assert.Equal(50, Waits(rate));
        await rate.WaitAsync(new CancellationToken(canceled: true)).ContinueWith(t => Assert.True(t.IsCanceled), TaskScheduler.Default);
    }

    [Fact]
    public void What_was_not_used_is_not_made_up_for()
    {
        var rate = new RateLimit(10, _time);
        _time.Now += TimeSpan.FromSeconds(60);

        Assert.Equal([0, 100], Enumerable.Range(0, 2).Select(_ => Waits(rate)));
    }

    private double Waits(RateLimit rate)
    {
        _time.Asked = TimeSpan.Zero;
        _ = rate.WaitAsync(default);
        return _time.Asked.TotalMilliseconds;
    }

    /// <summary>Stands still, and keeps how long was to be waited.</summary>
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public TimeSpan Asked { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Asked = dueTime;
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
