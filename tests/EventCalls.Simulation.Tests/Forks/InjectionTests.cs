using EventCalls.Simulation.Forks;

namespace EventCalls.Simulation.Tests.Forks;

public class InjectionTests
{
    [Theory]
    [InlineData("486", true)]
    [InlineData("no-notify", true)]
    [InlineData("target-hangup", true)]
    [InlineData("200", false)]
    [InlineData("700", false)]
    [InlineData("status", false)]
    [InlineData("-486", false)]
    public void What_can_be_injected_is_read(string text, bool isKnown)
    {
        Assert.Equal(isKnown, Injection.TryParse(text, out var injection));
        Assert.Equal(isKnown ? text : null, injection?.ToString());
    }
}
