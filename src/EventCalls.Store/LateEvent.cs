namespace EventCalls.Store;

/// <summary>An event that came after its call had ended; kept beside the stream, never in it.</summary>
/// <param name="EventId">The event's id.</param>
/// <param name="CallId">The call.</param>
/// <param name="Type">The stored name.</param>
/// <param name="Data">The event's JSON, UTF-8.</param>
public sealed record LateEvent(Guid EventId, Guid CallId, string Type, ReadOnlyMemory<byte> Data);
