namespace EventCalls.Contracts;

/// <summary>What is asked of the monitoring of a call.</summary>
public sealed record MonitorChange
{
    /// <summary>What to do.</summary>
    public required MonitorAction Action { get; init; }

    /// <summary>Which monitor; one that is started gets this id.</summary>
    public required Guid MonitorId { get; init; }

    /// <summary>Whom to call, a number or a SIP URI; null unless one is started.</summary>
    public string? Target { get; init; }

    /// <summary>The endpoint to call by; null for the only one, or where the target is a URI of its own.</summary>
    public string? OutboundEndpoint { get; init; }

    /// <summary>What the one who monitors says, and to whom; null where one is ended.</summary>
    public MonitorMode? Mode { get; init; }

    /// <summary>Who hears a whisper, <c>caller</c> or <c>target</c>; null in other modes.</summary>
    public string? Side { get; init; }
}
