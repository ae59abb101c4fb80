namespace EventCalls.Contracts;

/// <summary>Somebody hears the call no more, or was called for that and did not come to hear it. Published by telephony.</summary>
public sealed record MonitorEnded : CallEvent
{
    /// <summary>The monitor.</summary>
    public required Guid MonitorId { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>Whom it was that heard the call, as it was dialled.</summary>
    public required string Target { get; init; }

    /// <summary>What they said last, and to whom.</summary>
    public required MonitorMode Mode { get; init; }

    /// <summary>Why it ended.</summary>
    public required MonitorEndCause Cause { get; init; }

    /// <summary>What was said of it, such as <c>486 Busy Here</c>, or who asked for the end; null when nothing was.</summary>
    public string? Detail { get; init; }

    /// <summary>For how long they heard the call, milliseconds; null when they never did.</summary>
    public long? DurationMs { get; init; }
}
