using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>What came of one decision of a block.</summary>
public sealed record BlockAnswer
{
    /// <summary>The whole result; null when it is what was expected, or when its digest was enough.</summary>
    public DecisionResult? Result { get; init; }

    /// <summary><see cref="DecisionDigest.OfAll"/>.</summary>
    public UInt128 Digest { get; init; }

    /// <summary>What decided; empty when only the digest was asked for.</summary>
    public string DecidedBy { get; init; } = "";

    /// <summary>Whether <c>conv.Now</c> was read.</summary>
    public bool ReadClock { get; init; }

    /// <summary>Whether <c>conv.Random</c> was drawn from.</summary>
    public bool ReadRandom { get; init; }

    /// <summary>Whether it was ended at a limit, or ended its process.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Whether it came out otherwise when it was taken twice in a row.</summary>
    public bool IsUnsteady { get; init; }
}
