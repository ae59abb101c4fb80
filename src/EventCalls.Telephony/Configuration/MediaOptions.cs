namespace EventCalls.Telephony.Configuration;

/// <summary>Where the media of calls goes, and by which ports.</summary>
public sealed record MediaOptions
{
    /// <summary>Where the media of calls goes whose trunks do not say.</summary>
    public MediaMode Mode { get; init; }

    /// <summary>The ports that anchored media may use, as <c>first-last</c>; a leg takes two of them for each of its streams.</summary>
    public string Ports { get; init; } = "20000-29999";

    /// <summary>After how many seconds without any media from a side that should send the call is ended, 0–86,400; 0 for never.</summary>
    public int SilenceSeconds { get; init; } = 60;
}
