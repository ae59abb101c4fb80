using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Marten.Tests;

public sealed class MartenAppendConformance(MartenFixture fixture) : AppendConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenConcurrencyConformance(MartenFixture fixture) : ConcurrencyConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenReadingConformance(MartenFixture fixture) : ReadingConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenProjectionConformance(MartenFixture fixture) : ProjectionConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenRegistryConformance(MartenFixture fixture) : RegistryConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenStatisticsConformance(MartenFixture fixture) : StatisticsConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenKeepingConformance(MartenFixture fixture) : KeepingConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenHandoffContextConformance(MartenFixture fixture) : HandoffContextConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenDeadLetterConformance(MartenFixture fixture) : DeadLetterConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenSteeringConformance(MartenFixture fixture) : SteeringConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenValueConformance(MartenFixture fixture) : ValueConformance(fixture), IClassFixture<MartenFixture>;

public sealed class MartenWebhookConformance(MartenFixture fixture) : WebhookConformance(fixture), IClassFixture<MartenFixture>;

public sealed class HeaderIndexReadingConformance(HeaderIndexFixture fixture) : ReadingConformance(fixture), IClassFixture<HeaderIndexFixture>;

public sealed class HeaderIndexKeepingConformance(HeaderIndexFixture fixture) : KeepingConformance(fixture), IClassFixture<HeaderIndexFixture>;
