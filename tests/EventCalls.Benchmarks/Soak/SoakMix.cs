namespace EventCalls.Benchmarks.Soak;

/// <summary>One kind of caller of the soak.</summary>
/// <param name="Scenario">The SIPp scenario.</param>
/// <param name="Dial">The flow that is dialled.</param>
/// <param name="Share">Its share of all calls, per cent.</param>
internal sealed record SoakCaller(string Scenario, string Dial, int Share)
{
    /// <summary>How long the scenario's pause lasts, milliseconds.</summary>
    public int PauseMs { get; init; } = 1_000;

    /// <summary>Whether SIPp leaves out retransmissions of its own, so that a message counts as lost.</summary>
    public bool Loses { get; init; }

    /// <summary>What the caller does, and whom it dials.</summary>
    public string Name => $"{Scenario} → {Dial}";
}

/// <summary>Who calls and who is called: well-behaved, silent, lossy, cancelling, slow and vanishing peers.</summary>
internal static class SoakMix
{
    /// <summary>The callers; their shares are a hundred.</summary>
    public static readonly IReadOnlyList<SoakCaller> Callers =
    [
        new("traffic", "refer", 24) { PauseMs = 300 },
        new("call-answered", "bridge", 22) { PauseMs = 3_000 },
        new("call-answered-peer-hangs-up", "bridge_hangs_up", 6),
        new("call-answered", "busy_then_answers", 6),
        new("call-answered", "silent_then_answers", 4),
        new("call-holds", "bridge_holds", 3),
        new("call-without-offer", "bridge", 3),
        new("call-loses-200", "bridge", 4) { Loses = true },
        new("call-loses-ack", "bridge", 3) { Loses = true },
        new("call-never-acks", "bridge", 2),
        new("call-goes-silent", "bridge", 1) { PauseMs = 100 },
        new("call-cancelled", "bridge_rings", 4) { PauseMs = 500 },
        new("call-cancelled-early", "bridge_rings", 4),
        new("refer-silent", "refer_briefly", 3),
        new("refer-unanswered", "refer_briefly", 2),
        new("refer-then-bye", "refer", 3),
        new("call-rejected-486", "reject_486", 3),
        new("call-rejected-480", "throws", 3),
    ];

    /// <summary>The outbound endpoints, and how the peer behind each behaves.</summary>
    public static readonly IReadOnlyDictionary<string, string> Targets = new Dictionary<string, string>
    {
        ["answers"] = "target-answers",
        ["hangs_up"] = "target-answers-then-hangs-up",
        ["holds"] = "target-reinvited",
        ["rings"] = "target-does-not-answer",
        ["busy"] = "target-busy",
        ["silent"] = "target-silent",
    };
}
