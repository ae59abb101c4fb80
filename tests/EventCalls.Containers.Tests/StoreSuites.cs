using EventCalls.Containers.Tests.Engine;
using EventCalls.Store.Tests.Postgres;

namespace EventCalls.Containers.Tests;

[Collection(ServersCollection.Name)]
public sealed class AppendInAContainer(PostgresFixture fixture) : PostgresAppendConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ConcurrencyInAContainer(PostgresFixture fixture) : PostgresConcurrencyConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ReadingInAContainer(PostgresFixture fixture) : PostgresReadingConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class ProjectionInAContainer(PostgresFixture fixture) : PostgresProjectionConformance(fixture);

[Collection(ServersCollection.Name)]
public sealed class RegistryInAContainer(PostgresFixture fixture) : PostgresRegistryConformance(fixture);
