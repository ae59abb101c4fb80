namespace EventCalls.Telephony.Configuration;

/// <summary>What strangers may cost: those whose address no trunk calls from and no endpoint is reached at.</summary>
public sealed record AbuseOptions
{
    /// <summary>How many requests of one stranger's address are answered a second, 0–10,000, the rest hears nothing; 0 for all.</summary>
    public int StrangersPerSecond { get; init; }

    /// <summary>Beginnings of a User-Agent whose requests hear nothing when they are a stranger's.</summary>
    public IReadOnlyList<string> Scanners { get; init; } = ["friendly-scanner", "sipvicious", "sipcli", "sip-scan", "sundayddr", "VaxSIPUserAgent", "pplsip", "iWar", "sipptk"];

    /// <summary>After how many refusals and wrong passwords within <see cref="BanWithinSeconds"/> nothing of a stranger's address is read any more, 0–10,000; 0 for never.</summary>
    public int BanAfter { get; init; }

    /// <summary>The time in which they are counted, seconds, 1–86,400.</summary>
    public int BanWithinSeconds { get; init; } = 60;

    /// <summary>For how long nothing is read, seconds, 1–604,800.</summary>
    public int BanSeconds { get; init; } = 600;
}
