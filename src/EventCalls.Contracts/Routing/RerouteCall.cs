using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Asks the router for a new decision: after a handoff whose every step failed, as one side of the call sent us a REFER, or as a command says. A command to the routers, not an event of the stream.</summary>
public sealed record RerouteCall
{
    /// <summary>The call's first event.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>The last decision: its flow and state go on. Null when there was none, which only a command can ask after.</summary>
    public FlowSelected? Selected { get; init; }

    /// <summary>The state, as commands have changed it since; null when it is that of the last decision.</summary>
    public IReadOnlyDictionary<string, JsonElement>? State { get; init; }

    /// <summary>What came of the handoff's last attempt; the cause of the new decision. Null when something else is.</summary>
    public TransferFailed? Failed { get; init; }

    /// <summary>The REFER that asks for the new decision; null when something else does.</summary>
    public ReferReceived? Refer { get; init; }

    /// <summary>The command that asks for the new decision, in its flow; null when something else does.</summary>
    public CommandTaken? Command { get; init; }

    /// <summary>The event that asks.</summary>
    [JsonIgnore]
    public CallEvent Cause => (CallEvent?)Refer ?? (CallEvent?)Command ?? Failed ?? throw new InvalidOperationException("The question has neither a failure nor a REFER nor a command.");

    /// <summary>The target the last attempt went to, for <c>conv.LastTransfer</c>, or whom the caller is connected to; empty when there is nobody.</summary>
    public required string Target { get; init; }

    /// <summary>Whether the caller's leg is already answered.</summary>
    public required bool CallerAnswered { get; init; }
}
