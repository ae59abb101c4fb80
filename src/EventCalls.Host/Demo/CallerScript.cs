namespace EventCalls.Host.Demo;

/// <summary>What the caller and the carrier's SBC do in a call.</summary>
internal sealed record CallerScript
{
    /// <summary>The caller cancels this long after the first ringing, milliseconds; null: waits.</summary>
    public int? CancelsAfterMs { get; init; }

    /// <summary>Whether the caller hangs up some time after being connected; otherwise the other side does.</summary>
    public bool HangsUp { get; init; } = true;

    /// <summary>What a REFER meets.</summary>
    public ReferReaction Refer { get; init; } = ReferReaction.Refuses;
}
