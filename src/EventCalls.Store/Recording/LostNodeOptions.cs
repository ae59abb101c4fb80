namespace EventCalls.Store.Recording;

/// <summary>When the calls of a node count as lost.</summary>
public sealed record LostNodeOptions
{
    /// <summary>A node that was not heard of for this long is lost.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a node's restart was noticed its old calls are closed: events that are still queued come first.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);
}
