namespace EventCalls.Contracts;

/// <summary>A leg was answered with a 2xx. Published by the ingress.</summary>
public sealed record CallAnswered : CallEvent
{
    /// <summary><c>caller</c> when we answered the trunk's INVITE, <c>target</c> when a transfer target answered ours.</summary>
    public required string Leg { get; init; }

    /// <summary>The handoff whose target answered, or that needed the caller answered; null for an immediate answer.</summary>
    public Guid? HandoffId { get; init; }
}
