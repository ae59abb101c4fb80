using System.Diagnostics.Tracing;
using System.Globalization;

namespace EventCalls.Host.Composition;

/// <summary>Has the log say that a collector takes nothing: the packages tell only those who listen, and what they could not send is gone.</summary>
internal sealed partial class TelemetryTrouble(ILogger logger, TimeProvider time) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    // Each batch fails, every few seconds.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _said;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Exporter)
            return;
        lock (_gate)
        {
            if (_said is { } said && time.GetElapsedTime(said) < s_quiet)
                return;
            _said = time.GetTimestamp();
        }
        string message = eventData.Message is { } form ? string.Format(CultureInfo.InvariantCulture, form, [.. eventData.Payload ?? []]) : eventData.EventName ?? "";
        LogTrouble(message.Split('\n', 2)[0].Trim());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Traces or figures do not reach the collector; this is said every ten minutes at most: {Problem}")]
    private partial void LogTrouble(string problem);
}
