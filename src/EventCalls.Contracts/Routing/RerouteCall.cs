namespace EventCalls.Contracts;

/// <summary>Asks the router for a new decision after a handoff whose every step failed. A command to the routers, not an event of the stream.</summary>
public sealed record RerouteCall
{
    /// <summary>The call's first event.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>The last decision: its flow and state go on.</summary>
    public required FlowSelected Selected { get; init; }

    /// <summary>What came of the handoff's last attempt; the cause of the new decision.</summary>
    public required TransferFailed Failed { get; init; }

    /// <summary>The target the last attempt went to, for <c>conv.LastTransfer</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Whether the caller's leg is already answered.</summary>
    public required bool CallerAnswered { get; init; }
}
