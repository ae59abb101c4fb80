namespace EventCalls.Bus.Tests;

public sealed class InMemoryBusTests : BusTests
{
    private protected override BusOptions Options { get; } = new() { RedeliverySeconds = 1, Redeliveries = 1 };
}
