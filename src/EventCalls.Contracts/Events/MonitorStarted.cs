namespace EventCalls.Contracts;

/// <summary>Somebody who was called for that has answered and hears the call. Published by telephony.</summary>
public sealed record MonitorStarted : CallEvent
{
    /// <summary>The monitor; further commands and events name it.</summary>
    public required Guid MonitorId { get; init; }

    /// <summary>Who asked for it: the name of an API key or of a person.</summary>
    public required string By { get; init; }

    /// <summary>Whom it is that hears the call, as it was dialled.</summary>
    public required string Target { get; init; }

    /// <summary>The endpoint by which they were called; null for none.</summary>
    public string? OutboundEndpoint { get; init; }

    /// <summary>What they say, and to whom.</summary>
    public required MonitorMode Mode { get; init; }

    /// <summary>Who hears their whisper, <c>caller</c> or <c>target</c>; null in other modes.</summary>
    public string? Side { get; init; }
}
