using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>Routing logic chose a flow. Published by the router.</summary>
public sealed record FlowSelected : CallEvent
{
    /// <summary>The flow's name; <c>start</c> when <c>Start</c> itself decided, <c>default</c> when the configured default was taken.</summary>
    public required string Flow { get; init; }

    /// <summary>The conversation's state after the decision.</summary>
    public required IReadOnlyDictionary<string, JsonElement> State { get; init; }

    /// <summary>Content hash of the logic that decided, <c>sha256:</c> and 64 hex digits, or <c>webhook:…</c>, or <c>none</c>.</summary>
    public required string LogicVersion { get; init; }

    /// <summary>How long the decision took, microseconds.</summary>
    public required long DecisionMicroseconds { get; init; }

    /// <summary>The class and flow method, and the source file and line where known, that decided.</summary>
    public required string DecidedBy { get; init; }

    /// <summary>Whether the logic wants to be asked when a side of the call sends us a REFER; null when the policy alone decides.</summary>
    public bool? DecidesRefers { get; init; }

    /// <summary>What the logic read besides the call itself (clock, random seed, look-ups), so that it can be repeated.</summary>
    public DecisionInputs? Inputs { get; init; }

    /// <summary>What the logic noted with <c>conv.Log</c>, in order; null for nothing.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>The figures that the logic gave with <c>conv.Metric</c>, in order; null for none.</summary>
    public IReadOnlyList<LogicMetric>? Metrics { get; init; }
}
