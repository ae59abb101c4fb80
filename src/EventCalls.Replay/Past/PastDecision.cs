using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Past;

/// <summary>One decision of a past call as its stream has it, and what had asked for it.</summary>
internal sealed class PastDecision
{
    private Decided? _decided;

    /// <summary>The REFER of one side that asked for it; null when something else did.</summary>
    public ReferReceived? Refer { get; init; }

    /// <summary>The command that asked for it; null when something else did.</summary>
    public CommandTaken? Command { get; init; }

    /// <summary>What commands changed in the state between the question before and this one, in order.</summary>
    public IReadOnlyList<StateChanged> Changes { get; set; } = [];

    /// <summary>Whether the node did not take it, as something else had overtaken it: later ones do not go on from it.</summary>
    public bool IsRefused { get; set; }

    /// <summary>The event that asked for it; null for the call's first event.</summary>
    public Guid? CauseId => Failed?.EventId ?? Refer?.EventId ?? Command?.EventId;

    /// <summary>The failed handoff that asked for it; null for the call's first decision, on a REFER and for a command.</summary>
    public TransferFailed? Failed { get; init; }

    /// <summary>Where the failed attempt had gone to.</summary>
    public string? FailedTarget { get; init; }

    /// <summary>Whether the caller's leg had been answered by then.</summary>
    public bool CallerAnswered { get; init; }

    /// <summary>The flow; null for a call that is known by its handoff only.</summary>
    public FlowSelected? Selected { get; set; }

    /// <summary>What the decision asked for; null when that was not recorded.</summary>
    public HandoffRequested? Handoff { get; set; }

    /// <summary>Why the default was taken instead; null when the logic decided.</summary>
    public RoutingFailed? RoutingFailed { get; set; }

    /// <summary>The deadline that had passed before a decision came; null when it came in time.</summary>
    public RoutingTimedOut? TimedOut { get; set; }

    /// <summary>Whether anything of a decision was recorded, the router's failure to decide included.</summary>
    public bool IsRecorded => Selected is not null || Handoff is not null || RoutingFailed is not null;

    /// <summary>Whether the call was handled by another system, so that of its decision only what it led to is known.</summary>
    public bool IsImported => Selected is null || Handoff?.RequestedBy == Requester.Import;

    /// <summary>The decision for people and comparison.</summary>
    public Decided ToDecided() => _decided ??= new Decided
    {
        Flow = Selected?.Flow ?? "",
        State = Selected?.State ?? Decided.NoState,
        Steps = Handoff?.Steps ?? [],
        Reason = Handoff?.Reason,
        DecidedBy = Selected?.DecidedBy ?? "",
        LogicVersion = Selected?.LogicVersion ?? RoutingFailed?.LogicVersion ?? "",
        ByDefault = RoutingFailed is not null || Handoff?.RequestedBy == Requester.Default,
    };
}
