namespace EventCalls.Replay.Histories;

/// <summary>What is put in place of who called.</summary>
public sealed record AnonymizerOptions
{
    /// <summary>What tokens are made with: the same key gives the same token for the same number, and without it none can be traced back. 16 bytes or more.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>How many digits a number keeps at its beginning, 0–15; a <c>+</c> is kept besides.</summary>
    public int KeptDigits { get; init; } = 4;

    /// <summary>The headers whose values are kept but for numbers in them, such as <c>X-Tier</c>; <c>*</c> for all. Others, but those that say how the message travels, become tokens.</summary>
    public IReadOnlyList<string> KeptHeaders { get; init; } = [];
}
