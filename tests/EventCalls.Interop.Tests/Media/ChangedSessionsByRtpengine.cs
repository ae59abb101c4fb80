using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Sessions that change, through rtpengine.</summary>
public class ChangedSessionsByRtpengine(RtpengineCalls service) : ChangedSessions(service), IClassFixture<RtpengineCalls>;
