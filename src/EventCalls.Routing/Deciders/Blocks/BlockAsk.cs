namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>How one decision of a block is asked for.</summary>
/// <param name="Index">Which of the block's requests.</param>
public readonly record struct BlockAsk(int Index)
{
    /// <summary>The digest of what is expected (<see cref="DecisionDigest.OfOutcome"/>): when it comes to that, the answer is short. Null for none.</summary>
    public UInt128? Expected { get; init; }

    /// <summary>Whether the whole result is wanted even when only its digest is asked for by default.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it is taken twice more in a row, to see whether it comes out alike.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Whether it may take <see cref="PatientFactor"/> times as long.</summary>
    public bool IsPatient { get; init; }

    /// <summary>How many times its limit a decision may take that was asked for patiently.</summary>
    public const int PatientFactor = 8;
}
