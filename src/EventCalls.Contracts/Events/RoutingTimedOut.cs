namespace EventCalls.Contracts;

/// <summary>No decision arrived before the deadline; the configured default was taken. Published by the ingress.</summary>
public sealed record RoutingTimedOut : CallEvent
{
    /// <summary>The deadline, milliseconds after the INVITE (or the failed transfer) that asked for a decision.</summary>
    public required int DeadlineMs { get; init; }

    /// <summary>What was done instead, for people.</summary>
    public required string DefaultTaken { get; init; }
}
