using System.Text.Json.Serialization;

namespace EventCalls.Contracts.Findings;

/// <summary>How a running process is, as it says itself.</summary>
/// <param name="Ok">Whether it does its work: it is ready, and every check is well.</param>
/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>degraded</c> (the broker is away, and the node decides its calls alone) or <c>stopping</c>.</param>
/// <param name="Node">Its node name.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Since">When it started, UTC.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record HealthReport(bool Ok, string Status, string Node, IReadOnlyList<string> Roles, DateTimeOffset Since, IReadOnlyList<HealthCheck> Checks);

/// <summary>One thing a process needs or does.</summary>
/// <param name="Check">What: <c>sip</c>, <c>trunks</c>, <c>bus</c>, <c>logic</c> or <c>store</c>.</param>
/// <param name="Ok">Whether it is well.</param>
/// <param name="Message">One sentence.</param>
public sealed record HealthCheck(string Check, bool Ok, string Message);

/// <summary>The report's JSON, made without reflection: a check every few seconds must cost little.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
public sealed partial class HealthJson : JsonSerializerContext;
