namespace EventCalls.Store.Appending;

/// <summary>An event and the version it gets in its stream.</summary>
internal readonly record struct PlannedEvent(EventToAppend Event, long Version);
