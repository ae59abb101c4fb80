namespace EventCalls.Contracts;

/// <summary>Who monitors the call says something in it from now on, or no longer. Published by telephony.</summary>
public sealed record MonitorChanged : CallEvent
{
    /// <summary>The monitor.</summary>
    public required Guid MonitorId { get; init; }

    /// <summary>Who asked for that.</summary>
    public required string By { get; init; }

    /// <summary>What they say, and to whom.</summary>
    public required MonitorMode Mode { get; init; }

    /// <summary>Who hears their whisper, <c>caller</c> or <c>target</c>; null in other modes.</summary>
    public string? Side { get; init; }
}
