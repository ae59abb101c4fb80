using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>What came of one decision. Holds nothing of the logic's own types, so that an old version can be unloaded.</summary>
public sealed record DecisionResult
{
    /// <summary>The logic that decided: <c>sha256:…</c>, <c>webhook:…</c> or <c>none</c>.</summary>
    public required string LogicVersion { get; init; }

    /// <summary>Whether the logic wants to be asked when a side of the call sends us a REFER.</summary>
    public bool DecidesRefers { get; init; }

    /// <summary>The last flow gone to; <c>start</c> when <c>Start</c> itself decided; after a failed transfer, the flow before when <c>TransferFailed</c> itself decided.</summary>
    public required string Flow { get; init; }

    /// <summary>The flows gone through, in order; empty when the entry itself decided.</summary>
    public IReadOnlyList<string> FlowChain { get; init; } = [];

    /// <summary>The conversation's state after the decision.</summary>
    public required IReadOnlyDictionary<string, JsonElement> State { get; init; }

    /// <summary>The handoff's steps, checked and with numbers in their plain form; empty when <see cref="Failure"/> is set.</summary>
    public IReadOnlyList<Contracts.Handoff> Steps { get; init; } = [];

    /// <summary>Why the call is handed off, for machines; null when the logic did not say.</summary>
    public string? Reason { get; init; }

    /// <summary>The class and method, and the source file and line where known, that decided: <c>SupportLine.VipSupport (support.cs:14)</c>.</summary>
    public required string DecidedBy { get; init; }

    /// <summary>What the logic read besides the call itself.</summary>
    public required DecisionInputs Inputs { get; init; }

    /// <summary>What the logic noted, in order; null for nothing.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>The figures the logic gave, in order; null for none.</summary>
    public IReadOnlyList<LogicMetric>? Metrics { get; init; }

    /// <summary>Why there is no usable decision; null when there is one.</summary>
    public DecisionFailure? Failure { get; init; }

    /// <summary>The first look-up that could not be answered, even if the logic went on after it; null when all were.</summary>
    public LookupAnswer? UnansweredLookup { get; init; }

    /// <summary>What has to be fetched before the decision can be taken, again from its beginning; null when it has been taken.</summary>
    public LookupAnswer? Awaited { get; init; }

    /// <summary>Whether <c>conv.Now</c> was read.</summary>
    public bool ReadClock { get; init; }

    /// <summary>Whether <c>conv.Random</c> was drawn from.</summary>
    public bool ReadRandom { get; init; }

    /// <summary>All that was read, in order; null unless <see cref="DecideOptions.Trace"/> asked for it.</summary>
    public IReadOnlyList<ConversationRead>? Reads { get; init; }

    /// <summary>How long the logic took.</summary>
    public TimeSpan Elapsed { get; init; }
}
