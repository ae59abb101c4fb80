using EventCalls.Media.Recording;

namespace EventCalls.Media.Sessions;

/// <summary>A recording of one call, while it is made. Any thread may use it, and nothing here waits for a disk.</summary>
public sealed class MediaRecording
{
    private readonly Func<long> _now;
    private readonly DateTimeOffset _startedAt;

    internal MediaRecording(CallRecording recording, DateTimeOffset startedAt, Func<long> now) => (Recording, _startedAt, _now) = (recording, startedAt, now);

    internal CallRecording Recording { get; }

    /// <summary>Records silence from now on.</summary>
    public void Pause() => Recording.Pause(_now());

    /// <summary>Records again.</summary>
    public void Resume() => Recording.Resume(_now());

    /// <summary>Ends it and deletes what there is.</summary>
    public void Discard() => Recording.Discard();

    /// <summary>Ends it; completes when it is stored, has failed or is discarded, never with an exception.</summary>
    public Task<FinishedRecording> StopAsync()
    {
        Recording.Stop(_now());
        return CompletedAsync();
    }

    /// <summary>Completes when it is stored or discarded, or has failed, which may be before it is ended; never with an exception.</summary>
    public async Task<FinishedRecording> CompletedAsync()
    {
        return await Recording.Completed.ConfigureAwait(false) switch
        {
            RecordingStored stored => new FinishedRecording(stored.Location, stored.Duration)
            {
                StartedAt = _startedAt,
                Bytes = stored.Bytes,
                Paused = stored.Pauses.Aggregate(TimeSpan.Zero, static (sum, pause) => sum + pause.To - pause.From),
                Dropped = stored.Dropped,
            },
            RecordingFailed failed => new FinishedRecording(failed.Location, failed.Duration) { StartedAt = _startedAt, WhyFailed = failed.Message, Bytes = failed.Bytes },
            var discarded => new FinishedRecording(null, discarded.Duration) { StartedAt = _startedAt },
        };
    }
}

/// <summary>How a recording ended.</summary>
/// <param name="Location">Where it is; null when it was discarded, or nothing is left of one that failed.</param>
/// <param name="Duration">How long it is.</param>
public sealed record FinishedRecording(string? Location, TimeSpan Duration)
{
    /// <summary>When its first sample was, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Why it failed, in words; null when it did not.</summary>
    public string? WhyFailed { get; init; }

    /// <summary>Its size.</summary>
    public long Bytes { get; init; }

    /// <summary>How long it was paused.</summary>
    public TimeSpan Paused { get; init; }

    /// <summary>How many packets are silence in it because they came faster than they could be written.</summary>
    public long Dropped { get; init; }
}
