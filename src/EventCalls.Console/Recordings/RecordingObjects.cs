using EventCalls.Contracts;

namespace EventCalls.Console.Recordings;

/// <summary>The recordings of a call.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Node">The node that made them, on whose disk they are unless nodes share a folder.</param>
/// <param name="Recordings">They, in order.</param>
internal sealed record RecordingList(Guid CallId, string Node, IEnumerable<RecordingObject> Recordings);

/// <summary>One recording of a call.</summary>
/// <param name="audio">What its event says.</param>
/// <param name="place">Where it is; null when this process can open none.</param>
internal sealed class RecordingObject(RecordedAudio audio, RecordingPlace? place)
{
    public int Number => audio.Number;

    public DateTimeOffset StartedAt => audio.StartedAt;

    public long DurationMs => audio.DurationMs;

    public long? Bytes => audio.Bytes;

    public long? PausedMs => audio.PausedMs;

    public long? Dropped => audio.Dropped;

    public string? WhyFailed => audio.WhyFailed;

    public string Location => PlainText.Of(audio.Location);

    public bool Here => place == RecordingPlace.Here;
}
