using EventCalls.Bus.Sending;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Bus.Tests.Sending;

public sealed class AudienceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Everything_is_sent_until_one_comes_back()
    {
        var audience = new Audience(_clock);
        Assert.True(audience.IsAsked());
        audience.Heard();
        Assert.True(audience.IsAsked());

        audience.Nobody();

        Assert.False(audience.IsAsked());
    }

    [Fact]
    public void Now_and_then_one_is_sent_to_see_and_only_one()
    {
        var audience = new Audience(_clock);
        audience.Nobody();
        _clock.Advance(Audience.Notice - TimeSpan.FromMilliseconds(1));
        Assert.False(audience.IsAsked());

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(audience.IsAsked());
        Assert.False(audience.IsAsked());
        audience.Nobody();
        Assert.False(audience.IsAsked());
        _clock.Advance(Audience.Notice);
        Assert.True(audience.IsAsked());
        audience.Heard();
        Assert.True(audience.IsAsked());
        Assert.True(audience.IsAsked());
    }
}
