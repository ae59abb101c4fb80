namespace EventCalls.Host.Commands.Calls;

/// <summary>One event on the ladder: the SIP messages it shows, and what it says in words.</summary>
internal sealed record LadderStep
{
    /// <summary>The message between the caller and us; null when there is none.</summary>
    public LadderArrow? Caller { get; init; }

    /// <summary>A message between the caller and us that had to wait for <see cref="Caller"/>; null when there is none.</summary>
    public LadderArrow? CallerThen { get; init; }

    /// <summary>The message between us and the target; null when there is none.</summary>
    public LadderArrow? Target { get; init; }

    /// <summary>What happened, in lines; the first one says it, the others add to it.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>How it went.</summary>
    public LadderTone Tone { get; init; }
}
