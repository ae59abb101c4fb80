using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Monitored calls, through the node itself.</summary>
public class MonitoredCallsHere(RecordingService service) : MonitoredCalls(service), IClassFixture<RecordingService>;
