namespace EventCalls.Host.Demo;

/// <summary>What the carrier's SBC makes of a REFER.</summary>
internal enum ReferReaction
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
