using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Monitored calls, through rtpengine.</summary>
public class MonitoredCallsByRtpengine(RecordingByRtpengine service) : MonitoredCalls(service), IClassFixture<RecordingByRtpengine>;
