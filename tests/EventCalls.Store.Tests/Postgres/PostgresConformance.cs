using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Store.Tests.Postgres;

public class PostgresAppendConformance(PostgresFixture fixture) : AppendConformance(fixture), IClassFixture<PostgresFixture>;

public class PostgresConcurrencyConformance(PostgresFixture fixture) : ConcurrencyConformance(fixture), IClassFixture<PostgresFixture>;

public class PostgresReadingConformance(PostgresFixture fixture) : ReadingConformance(fixture), IClassFixture<PostgresFixture>;

public class PostgresProjectionConformance(PostgresFixture fixture) : ProjectionConformance(fixture), IClassFixture<PostgresFixture>;

public class PostgresRegistryConformance(PostgresFixture fixture) : RegistryConformance(fixture), IClassFixture<PostgresFixture>;
