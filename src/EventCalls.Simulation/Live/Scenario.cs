using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Live;

/// <summary>A kind of call: who calls whom, what both sides do, and how it must end.</summary>
public sealed record Scenario
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The dialled number.</summary>
    public required string Callee { get; init; }

    /// <summary>The caller's number; null: any.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether the caller withholds the number (RFC 3323).</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Headers that the routing logic looks at.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];

    /// <summary>What the caller's side does.</summary>
    public CallerScript Script { get; init; } = new();

    /// <summary>How it must have gone.</summary>
    public required Expectation Expected { get; init; }
}

/// <summary>What the caller and the carrier's SBC do in a call.</summary>
public sealed record CallerScript
{
    /// <summary>The caller cancels this long after the first ringing, milliseconds; null: waits.</summary>
    public int? CancelsAfterMs { get; init; }

    /// <summary>Whether the caller hangs up some time after being connected; otherwise the other side does.</summary>
    public bool HangsUp { get; init; } = true;

    /// <summary>What a REFER meets.</summary>
    public ReferReaction Refer { get; init; } = ReferReaction.Refuses;
}

/// <summary>What the carrier's SBC makes of a REFER.</summary>
public enum ReferReaction
{
    /// <summary>405: "take back and transfer" is not switched on.</summary>
    Refuses,

    /// <summary>202, reports 100, 180 and 200, and hangs up.</summary>
    TakesOver,

    /// <summary>202, reports 100, 180 and 200, and leaves it to us to hang up (RFC 5589 §6.1).</summary>
    TakesOverAndStays,

    /// <summary>202, reports 100 and then 486.</summary>
    ReportsBusy,

    /// <summary>202, and reports nothing.</summary>
    KeepsSilent,

    /// <summary>202, reports 100, and hangs up before the final report.</summary>
    HangsUp,
}

/// <summary>How a call must have gone, as its stream tells it.</summary>
public sealed record Expectation
{
    /// <summary>The flow chosen last.</summary>
    public required string Flow { get; init; }

    /// <summary>Every attempt of every handoff in order.</summary>
    public required IReadOnlyList<(HandoffMethod Method, TransferOutcome Outcome)> Attempts { get; init; }

    /// <summary>The handoff that the list of calls shows.</summary>
    public required HandoffMethod Handoff { get; init; }

    /// <summary>The outcome that the list of calls shows.</summary>
    public required TransferOutcome Outcome { get; init; }

    /// <summary>Who ended the call.</summary>
    public required CallParty EndedBy { get; init; }

    /// <summary>Why it ended.</summary>
    public required CallEndCause EndCause { get; init; }

    /// <summary>The final status the caller got, 300–699; null when the call was answered.</summary>
    public int? Status { get; init; }
}
