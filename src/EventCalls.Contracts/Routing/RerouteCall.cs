using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Asks the router for a new decision: after a handoff whose every step failed, or as one side of the call sent us a REFER. A command to the routers, not an event of the stream.</summary>
public sealed record RerouteCall
{
    /// <summary>The call's first event.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>The last decision: its flow and state go on.</summary>
    public required FlowSelected Selected { get; init; }

    /// <summary>What came of the handoff's last attempt; the cause of the new decision. Null when a REFER is.</summary>
    public TransferFailed? Failed { get; init; }

    /// <summary>The REFER that asks for the new decision; null when a failure does.</summary>
    public ReferReceived? Refer { get; init; }

    /// <summary>The event that asks.</summary>
    [JsonIgnore]
    public CallEvent Cause => (CallEvent?)Refer ?? Failed ?? throw new InvalidOperationException("The question has neither a failure nor a REFER.");

    /// <summary>The target the last attempt went to, for <c>conv.LastTransfer</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Whether the caller's leg is already answered.</summary>
    public required bool CallerAnswered { get; init; }
}
