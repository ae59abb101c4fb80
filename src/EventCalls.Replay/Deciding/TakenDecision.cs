using EventCalls.Contracts;
using EventCalls.Replay.Past;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Deciding;

/// <summary>A decision that is taken again: what is asked, and what comes of it.</summary>
/// <param name="index">Which of the call's decisions, from 0.</param>
/// <param name="version">The candidate's hash.</param>
/// <param name="was">As recorded.</param>
/// <param name="request">What it is taken from.</param>
/// <param name="recorded">The recorded answers to look-ups.</param>
internal sealed class TakenDecision(int index, string version, PastDecision was, DecisionRequest request, IReadOnlyList<LookupAnswer> recorded)
{
    public int Index => index;

    public string Version => version;

    public PastDecision Was => was;

    public DecisionRequest Request => request;

    public IReadOnlyList<LookupAnswer> Recorded => recorded;

    /// <summary>Whether it may take several times its limit: it is known to have been decided by the same logic, and this machine may be slower.</summary>
    public bool IsPatient { get; init; }

    /// <summary>What came of it; null until it is taken.</summary>
    public DecisionResult? Result { get; set; }

    /// <summary>How many different look-ups were asked of today's tables.</summary>
    public int Live { get; set; }

    /// <summary>What came out otherwise when it was taken the second time, in words; null when nothing did.</summary>
    public string? Difference { get; set; }

    /// <summary>Whether it came out otherwise under the very same conditions.</summary>
    public bool IsUnsteady { get; set; }
}
