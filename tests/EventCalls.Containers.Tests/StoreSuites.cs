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
