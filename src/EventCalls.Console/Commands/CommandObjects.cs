using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventCalls.Console.Commands;

/// <summary>A command that its call's owner has taken.</summary>
/// <param name="CommandId">Its id, as events name it.</param>
/// <param name="HandoffId">The handoff that began; left out for other commands.</param>
internal sealed record TakenCommand(Guid CommandId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? HandoffId);

/// <summary>An end point that takes a JSON object.</summary>
internal sealed record TakesBody;

/// <summary>The most that an end point takes.</summary>
internal sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
