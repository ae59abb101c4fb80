namespace EventCalls.Media.Recording;

/// <summary>What a recording is told, and when, µs.</summary>
internal readonly record struct RecordingCommand(RecordingAction Action, long At);

/// <summary>What a recording can be told.</summary>
internal enum RecordingAction
{
    Pause,
    Resume,
    Stop,
    Discard,
}
