using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Recordings;

/// <summary>A recording that a call's events tell of.</summary>
/// <param name="Number">Its number in the call, 1 for the first.</param>
/// <param name="Location">Where it is.</param>
/// <param name="StartedAt">When its first sample was, UTC.</param>
/// <param name="DurationMs">Its length, milliseconds.</param>
public sealed record RecordedAudio(int Number, string Location, DateTimeOffset StartedAt, long DurationMs)
{
    /// <summary>Its size, bytes; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>How much of it is silence because it was paused, milliseconds.</summary>
    public long? PausedMs { get; init; }

    /// <summary>How many packets are missing in it because they came faster than they could be written.</summary>
    public long? Dropped { get; init; }

    /// <summary>Why it does not go to the end of the call, in words; null when it does.</summary>
    public string? WhyFailed { get; init; }

    /// <summary>Those of a call, in order: their numbers stay what they are.</summary>
    /// <exception cref="DamagedEventException">An event that tells of one cannot be read.</exception>
    public static IReadOnlyList<RecordedAudio> Of(IReadOnlyList<StoredEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var all = new List<RecordedAudio>();
        foreach (var stored in events.Where(e => e.Type is "recording_stored" or "recording_failed"))
        {
            int number = all.Count + 1;
            switch (stored.Read())
            {
                case RecordingStored x:
                    all.Add(new RecordedAudio(number, x.Location, x.StartedAt ?? Begin(x, x.DurationMs), x.DurationMs) { Bytes = x.Bytes, PausedMs = x.PausedMs, Dropped = x.Dropped });
                    break;
                case RecordingFailed { Location: { } location } x:
                    all.Add(new RecordedAudio(number, location, x.StartedAt ?? Begin(x, x.DurationMs), x.DurationMs) { WhyFailed = x.Why });
                    break;
            }
        }
        return all;
    }

    // Older events do not say; it is told of as soon as it is stored.
    private static DateTimeOffset Begin(CallEvent e, long durationMs) => e.OccurredAt - TimeSpan.FromMilliseconds(durationMs);
}
