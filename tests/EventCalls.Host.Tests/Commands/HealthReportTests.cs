using EventCalls.Contracts.Findings;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public sealed class HealthReportTests
{
    [Fact]
    public void What_a_check_says_stands_apart_from_its_name_however_long_that_is()
    {
        var output = new StringWriter { NewLine = "\n" };

        HealthCommand.Write(output, new HealthReport(true, "ready", "edge-1", ["router"], DateTimeOffset.UnixEpoch, [new("bus", true, "connected."), new("nightly", false, "1 of 9 calls.")]));

        Assert.Equal("ready: edge-1, router, since 1970-01-01T00:00:00Z\nok       bus      connected.\nfailed   nightly  1 of 9 calls.\n", output.ToString());
    }
}
