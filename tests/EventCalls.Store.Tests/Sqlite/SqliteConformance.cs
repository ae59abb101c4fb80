using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Store.Tests.Sqlite;

public sealed class SqliteAppendConformance(SqliteFixture fixture) : AppendConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteConcurrencyConformance(SqliteFixture fixture) : ConcurrencyConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteReadingConformance(SqliteFixture fixture) : ReadingConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteProjectionConformance(SqliteFixture fixture) : ProjectionConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteRegistryConformance(SqliteFixture fixture) : RegistryConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteStatisticsConformance(SqliteFixture fixture) : StatisticsConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteKeepingConformance(SqliteFixture fixture) : KeepingConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteHandoffContextConformance(SqliteFixture fixture) : HandoffContextConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteDeadLetterConformance(SqliteFixture fixture) : DeadLetterConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteSteeringConformance(SqliteFixture fixture) : SteeringConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteValueConformance(SqliteFixture fixture) : ValueConformance(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteWebhookConformance(SqliteFixture fixture) : WebhookConformance(fixture), IClassFixture<SqliteFixture>;
