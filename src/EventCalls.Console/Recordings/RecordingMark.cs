using EventCalls.Replay.Audit.Diagrams;

namespace EventCalls.Console.Recordings;

/// <summary>Something that happened while a recording was made, at its place in it.</summary>
/// <param name="Event">The number of the event.</param>
/// <param name="Seconds">Where in the recording, seconds since its begin.</param>
/// <param name="Words">What happened, safe to show.</param>
/// <param name="IsBad">Whether it went wrong.</param>
public sealed record RecordingMark(long Event, double Seconds, string Words, bool IsBad)
{
    // What people look for in a recording; the others say what was written or counted about it.
    private static readonly HashSet<string> s_shown =
        ["call_answered", "flow_selected", "handoff_requested", "refer_received", "transfer_started", "transfer_completed", "transfer_failed", "dtmf_received", "command_taken", "recording_paused", "call_ended"];

    // What begins a recording happens a moment before its first sample, what ends the call a moment after its last one.
    private const double Moment = 0.25;

    /// <summary>The marks of a recording, in order.</summary>
    public static IReadOnlyList<RecordingMark> Of(RecordedAudio recording, CallDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(diagram);
        double length = recording.DurationMs / 1000.0;
        return [.. from row in diagram.Rows
                   where s_shown.Contains(row.Type) && row.Words.Count > 0
                   let at = (row.At - recording.StartedAt).TotalSeconds
                   where at >= -Moment && at <= length + Moment
                   select new RecordingMark(row.Event, Math.Clamp(at, 0, length), row.Words[0], row.Tone == Replay.Audit.LadderTone.Bad)];
    }

    /// <summary>A time in a recording: <c>1:05</c>.</summary>
    public static string Clock(double seconds) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}");
}
