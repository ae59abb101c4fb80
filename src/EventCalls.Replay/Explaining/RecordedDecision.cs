using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Explaining;

/// <summary>One decision as a call's stream has it: what asked for it, what was decided, and all that is needed to decide again.</summary>
public sealed record RecordedDecision
{
    /// <summary>Its number in the call, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Who decided.</summary>
    public required DecisionKind Kind { get; init; }

    /// <summary>The number in the stream, from 1, of the event that says what was decided.</summary>
    public required int Event { get; init; }

    /// <summary>When it was decided, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The number of the event that asked for it; null when that is not in the stream.</summary>
    public int? CauseEvent { get; init; }

    /// <summary>The failed transfer that asked for it; null for a call's first decision.</summary>
    public TransferFailed? AfterTransfer { get; init; }

    /// <summary>The REFER of one side that asked for it; null when something else did.</summary>
    public ReferReceived? OnRefer { get; init; }

    /// <summary>The command that asked for it; null when something else did.</summary>
    public CommandTaken? OnCommand { get; init; }

    /// <summary>The flow and the state that were chosen; null where nobody chose any (deadline, API).</summary>
    public FlowSelected? Selected { get; init; }

    /// <summary>How routing logic failed; null when it did not.</summary>
    public RoutingFailed? Failed { get; init; }

    /// <summary>That nobody decided in time; null when somebody did.</summary>
    public RoutingTimedOut? TimedOut { get; init; }

    /// <summary>The handoff that came of it; null when the stream ends before.</summary>
    public HandoffRequested? Handoff { get; init; }

    /// <summary>What it can be decided again from, with the recorded clock and seed; null where nothing can be (deadline, API).</summary>
    public DecisionRequest? Request { get; init; }
}
