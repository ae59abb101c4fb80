using System.Diagnostics.Tracing;
using EventCalls.Host.Composition;
using EventCalls.Testing.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Host.Tests.Composition;

public sealed class TelemetryTroubleTests
{
    [Fact]
    public void A_collector_that_takes_nothing_is_said_once_in_ten_minutes_and_on_one_line()
    {
        var logger = new RecordingLogger();
        var time = new FakeTimeProvider();
        using var trouble = new TelemetryTrouble(logger, time);
        using var exporter = new Exporter();

        for (int i = 0; i < 5; i++)
            exporter.Fails("http://127.0.0.1:4318/v1/traces", "Connection refused\n   at a place");
        time.Advance(TimeSpan.FromMinutes(10));
        exporter.Fails("http://127.0.0.1:4318/v1/metrics", "still");

        Assert.Equal(
            ["to http://127.0.0.1:4318/v1/traces: Connection refused", "to http://127.0.0.1:4318/v1/metrics: still"],
            logger.Warnings.Select(w => w[w.IndexOf("to http", StringComparison.Ordinal)..]));
    }

    // As the packages name theirs.
    [EventSource(Name = "OpenTelemetry-Exporter-OpenTelemetryProtocol")]
    private sealed class Exporter : EventSource
    {
        [Event(1, Message = "Exporter failed to send to {0}: {1}", Level = EventLevel.Error)]
        public void Fails(string collector, string problem) => WriteEvent(1, collector, problem);
    }
}
