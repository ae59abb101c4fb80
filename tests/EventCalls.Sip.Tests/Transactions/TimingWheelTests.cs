using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tests.Transactions;

public sealed class TimingWheelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(32_000)]
    [InlineData(300_000_000)]
    public void A_timer_fires_at_its_very_millisecond(long delay)
    {
        var wheel = new TimingWheel(123_456);
        var timer = new Probe(wheel);
        wheel.Schedule(timer, delay);
        wheel.Advance(123_456 + delay - 1);
        Assert.Empty(timer.FiredAt);
        wheel.Advance(123_456 + delay);
        Assert.Equal([123_456 + delay], timer.FiredAt);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        var wheel = new TimingWheel();
        var timer = new Probe(wheel);
        wheel.Schedule(timer, 500);
        wheel.Cancel(timer);
        wheel.Advance(10_000);
        Assert.Empty(timer.FiredAt);
        Assert.Equal(long.MaxValue, wheel.NextDue);
    }

    [Fact]
    public void A_timer_scheduled_again_fires_once_at_the_new_time()
    {
        var wheel = new TimingWheel();
        var timer = new Probe(wheel);
        wheel.Schedule(timer, 500);
        wheel.Advance(400);
        wheel.Schedule(timer, 500);
        wheel.Advance(2_000);
        Assert.Equal([900L], timer.FiredAt);
    }

    [Fact]
    public void A_timer_may_schedule_itself_from_its_own_firing()
    {
        var wheel = new TimingWheel();
        var timer = new Probe(wheel) { Every = 100 };
        wheel.Schedule(timer, 100);
        wheel.Advance(1_000);
        Assert.Equal(10, timer.FiredAt.Count);
        Assert.Equal(1_000, timer.FiredAt[^1]);
    }

    [Fact]
    public void Ten_thousand_random_timers_fire_in_order_and_at_their_time()
    {
        var random = new Random(7);
        var wheel = new TimingWheel(99);
        var due = new Dictionary<Probe, long>();
        var order = new List<long>();
        for (int i = 0; i < 10_000; i++)
        {
            var timer = new Probe(wheel) { Order = order };
            long delay = random.NextInt64(0, 1L << random.Next(1, 22));
            wheel.Schedule(timer, delay);
            due[timer] = timer.DueAt;
            if (random.Next(10) == 0)
            {
                wheel.Cancel(timer);
                due.Remove(timer);
            }
        }
        while (wheel.Count > 0)
        {
            Assert.True(wheel.NextDue > wheel.Now);
            wheel.Advance(wheel.Now + random.Next(1, 5_000));
        }
        Assert.All(due, d => Assert.Equal([d.Value], d.Key.FiredAt));
        Assert.Equal(order.Order(), order);
        Assert.Equal(due.Count, order.Count);
    }

    private sealed class Probe(TimingWheel wheel) : WheelTimer
    {
        public List<long> FiredAt { get; } = [];

        public List<long>? Order { get; init; }

        public long Every { get; init; }

        protected internal override void Fire()
        {
            FiredAt.Add(wheel.Now);
            Order?.Add(wheel.Now);
            if (Every > 0)
                wheel.Schedule(this, Every);
        }
    }
}
