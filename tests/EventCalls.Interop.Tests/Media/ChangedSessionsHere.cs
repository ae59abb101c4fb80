using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Sessions that change, through the node itself.</summary>
public class ChangedSessionsHere(AnchoredCalls service) : ChangedSessions(service), IClassFixture<AnchoredCalls>;
