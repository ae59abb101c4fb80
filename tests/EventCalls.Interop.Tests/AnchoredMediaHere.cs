using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real user agents, through the node itself.</summary>
public class AnchoredMediaHere(AnchoringService service) : AnchoredMedia(service), IClassFixture<AnchoringService>;
