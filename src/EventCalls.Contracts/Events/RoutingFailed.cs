namespace EventCalls.Contracts;

/// <summary>Routing logic gave no usable decision; the configured default was taken. Published by the router, or the ingress.</summary>
public sealed record RoutingFailed : CallEvent
{
    /// <summary>Why, typed.</summary>
    public required RoutingFailureCause Cause { get; init; }

    /// <summary>The message, with file and line where known.</summary>
    public required string Message { get; init; }

    /// <summary>The logic that failed, or <c>none</c>.</summary>
    public required string LogicVersion { get; init; }

    /// <summary>What was done instead, for people.</summary>
    public required string DefaultTaken { get; init; }
}
