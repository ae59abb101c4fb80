using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventCalls.Console.Commands;

/// <summary>A command that its call's owner has taken.</summary>
/// <param name="CommandId">Its id, as events name it.</param>
/// <param name="HandoffId">The handoff that began; left out for other commands.</param>
/// <param name="MonitorId">The monitor that was asked for, or changed; left out for other commands.</param>
internal sealed record TakenCommand(
    Guid CommandId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? HandoffId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MonitorId);

/// <summary>How loud the sides of a call have been since this was last asked, 0–1 of the loudest.</summary>
/// <param name="Caller">The caller; null when nothing is known.</param>
/// <param name="Target">The target; null when nobody is connected, or nothing is known.</param>
internal sealed record LevelObject(double? Caller, double? Target);

/// <summary>An end point that takes a JSON object.</summary>
/// <param name="Type">What the object is read into; null where it is read by itself.</param>
/// <param name="Texts">The fields of an object that is read by itself, all of them texts; null where any may be in it.</param>
internal sealed record TakesBody(JsonTypeInfo? Type = null, IReadOnlyList<string>? Texts = null)
{
    /// <summary>Whether it is carried out once only when it comes again with the same <see cref="IdempotencyKey.Header"/>.</summary>
    public bool IsOnce { get; init; }
}

/// <summary>The most that an end point takes.</summary>
internal sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
