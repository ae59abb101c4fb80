namespace EventCalls.Sip.Transactions;

/// <summary>The base timer values of RFC 3261 §17.1.1.1 and table 4, milliseconds.</summary>
public sealed record SipTimers
{
    /// <summary>Round-trip estimate.</summary>
    public int T1 { get; init; } = 500;

    /// <summary>The longest interval between retransmissions of non-INVITE requests and INVITE responses.</summary>
    public int T2 { get; init; } = 4_000;

    /// <summary>How long a message stays in the network.</summary>
    public int T4 { get; init; } = 5_000;

    /// <summary>Timers B, F, H, J, L and M.</summary>
    public int T1x64 => 64 * T1;

    /// <summary>Timer D on unreliable transports.</summary>
    public int D => Math.Max(32_000, T1x64);
}
