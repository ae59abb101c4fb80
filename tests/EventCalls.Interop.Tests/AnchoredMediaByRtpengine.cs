using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real user agents, through rtpengine.</summary>
public class AnchoredMediaByRtpengine(RtpengineService service) : AnchoredMedia(service), IClassFixture<RtpengineService>;
