using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Store.Tests.Postgres;

public sealed class PostgresAppendConformance(PostgresFixture fixture) : AppendConformance(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresConcurrencyConformance(PostgresFixture fixture) : ConcurrencyConformance(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresReadingConformance(PostgresFixture fixture) : ReadingConformance(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresProjectionConformance(PostgresFixture fixture) : ProjectionConformance(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresRegistryConformance(PostgresFixture fixture) : RegistryConformance(fixture), IClassFixture<PostgresFixture>;
