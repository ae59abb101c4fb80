namespace EventCalls.Store;

/// <summary>A call and its whole stream.</summary>
/// <param name="Call">The call as the projection has it.</param>
/// <param name="Events">Its events in order.</param>
public sealed record CallHistory(CallRow Call, IReadOnlyList<StoredEvent> Events);
