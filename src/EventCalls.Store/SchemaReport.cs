using System.Text.Json.Serialization;

namespace EventCalls.Store;

/// <summary>Whether a store's tables are those of this version.</summary>
/// <param name="Store">The store, for people.</param>
/// <param name="Matches">Whether they are.</param>
/// <param name="Differences">What is not, one sentence each.</param>
public sealed record SchemaReport(string Store, bool Matches, IReadOnlyList<string> Differences);

/// <summary>The SQL that somebody else is to run.</summary>
/// <param name="Store">The store, for people.</param>
/// <param name="Sql">The SQL; null when there is nothing to do.</param>
public sealed record SchemaScript(string Store, string? Sql);

/// <summary>How they are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SchemaReport))]
[JsonSerializable(typeof(SchemaScript))]
public sealed partial class SchemaJson : JsonSerializerContext;
