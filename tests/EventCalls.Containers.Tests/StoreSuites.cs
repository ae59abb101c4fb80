using EventCalls.Containers.Tests.Engine;
using EventCalls.Marten.Tests;
using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Containers.Tests;

[Collection(ServersCollection.Name)]
public sealed class AppendInAContainer(MartenFixture fixture) : AppendConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class ConcurrencyInAContainer(MartenFixture fixture) : ConcurrencyConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class ReadingInAContainer(MartenFixture fixture) : ReadingConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class ProjectionInAContainer(MartenFixture fixture) : ProjectionConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class RegistryInAContainer(MartenFixture fixture) : RegistryConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class StatisticsInAContainer(MartenFixture fixture) : StatisticsConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class KeepingInAContainer(MartenFixture fixture) : KeepingConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class HandoffContextsInAContainer(MartenFixture fixture) : HandoffContextConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class DeadLettersInAContainer(MartenFixture fixture) : DeadLetterConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class SteeringInAContainer(MartenFixture fixture) : SteeringConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class ValuesInAContainer(MartenFixture fixture) : ValueConformance(fixture), IClassFixture<MartenFixture>;

[Collection(ServersCollection.Name)]
public sealed class WebhooksInAContainer(MartenFixture fixture) : WebhookConformance(fixture), IClassFixture<MartenFixture>;

public sealed class StoreSuites
{
    [Fact]
    public void Whatever_a_store_has_to_pass_is_passed_in_a_container_too() => Assert.Equal(
        typeof(ConformanceBase).Assembly.GetTypes().Where(type => type.IsAbstract && type.BaseType == typeof(ConformanceBase)).Select(type => type.Name).Order(),
        typeof(StoreSuites).Assembly.GetTypes().Select(type => type.BaseType).Where(type => type?.BaseType == typeof(ConformanceBase)).Select(type => type!.Name).Order());
}
