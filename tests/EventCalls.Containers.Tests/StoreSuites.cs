using EventCalls.Containers.Tests.Engine;
using EventCalls.Marten.Tests;
using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Containers.Tests;

[Collection(ServersCollection.Name)]
public sealed class AppendInAContainer(MartenFixture fixture) : AppendConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ConcurrencyInAContainer(MartenFixture fixture) : ConcurrencyConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ReadingInAContainer(MartenFixture fixture) : ReadingConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ProjectionInAContainer(MartenFixture fixture) : ProjectionConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class RegistryInAContainer(MartenFixture fixture) : RegistryConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class StatisticsInAContainer(MartenFixture fixture) : StatisticsConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class KeepingInAContainer(MartenFixture fixture) : KeepingConformance(fixture);
