using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>What is heard that the node plays.</summary>
public class HoldSoundHere(HoldingService service) : HoldSound(service), IClassFixture<HoldingService>;
