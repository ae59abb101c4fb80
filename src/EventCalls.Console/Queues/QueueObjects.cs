using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Console.Queues;

/// <summary>What waits.</summary>
/// <param name="Queues">In the broker; empty where there is none.</param>
/// <param name="Journal">Journal entries of this process that wait for the bus; null when it has none.</param>
/// <param name="Spool">Events on this process's disk that the store or the broker does not have yet; null when it keeps none.</param>
/// <param name="Problem">Why the broker could not be asked; null when it could, or there is none.</param>
public sealed record QueueList(IReadOnlyList<QueueDepth> Queues, long? Journal, long? Spool, string? Problem);

/// <summary>Dead letters.</summary>
/// <param name="Messages">The first ones.</param>
internal sealed record DeadMessageList(IReadOnlyList<DeadMessage> Messages);

/// <summary>Which dead letters are meant.</summary>
/// <param name="Id">The id of one; null for all.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedDeadMessages(string? Id);

/// <summary>How many were put back or discarded.</summary>
/// <param name="Messages">How many.</param>
internal sealed record ClearedDeadMessages(int Messages);
