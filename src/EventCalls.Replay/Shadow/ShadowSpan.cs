using EventCalls.Contracts;

namespace EventCalls.Replay.Shadow;

/// <summary>From when to when a version decided, or decides, live calls again.</summary>
/// <param name="Started">The record that had it begin.</param>
/// <param name="Ended">The record that ended it; null while it goes on.</param>
public sealed record ShadowSpan(ShadowRecord Started, ShadowRecord? Ended)
{
    /// <summary>Which calls it is about, in words.</summary>
    public string Words => WordsOf(Started, Ended);

    /// <summary>The last one; null when no version ever did.</summary>
    /// <param name="records">The changes, the newest first: two of them, or more.</param>
    public static ShadowSpan? Last(IReadOnlyList<ShadowRecord> records) => records switch
    {
        [{ Challenger: not null } started, ..] => new(started, null),
        [var ended, { Challenger: not null } started, ..] => new(started, ended),
        _ => null,
    };

    internal static string WordsOf(ShadowRecord started, ShadowRecord? ended) => ended is null
        ? $"began since {UtcTime.Seconds(started.At)} and ended"
        : $"began since {UtcTime.Seconds(started.At)}, before the shadow was over at {UtcTime.Seconds(ended.At)}, and ended";
}
