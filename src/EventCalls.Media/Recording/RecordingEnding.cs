namespace EventCalls.Media.Recording;

/// <summary>How a file ended.</summary>
internal enum RecordingEnding
{
    /// <summary>As its writer ended it.</summary>
    Whole,

    /// <summary>Its writer was ended before, and the file was closed later: up to about a second may be missing.</summary>
    Repaired,

    /// <summary>Without an end: its writer is at it or was ended, or something was taken away.</summary>
    CutOff,
}
