namespace EventCalls.Store.Appending;

/// <summary>An event and the version it gets in its stream.</summary>
/// <param name="Event">The event.</param>
/// <param name="Version">Its version, 1 or more.</param>
public readonly record struct PlannedEvent(EventToAppend Event, long Version);
