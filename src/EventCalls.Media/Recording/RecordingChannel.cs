namespace EventCalls.Media.Recording;

/// <summary>Whose voice a channel holds.</summary>
internal enum RecordingChannel
{
    /// <summary>Who called: left.</summary>
    Caller,

    /// <summary>Whom the call was handed to, one after the other: right.</summary>
    Target,
}
