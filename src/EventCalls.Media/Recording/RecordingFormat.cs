namespace EventCalls.Media.Recording;

/// <summary>What recordings are written as.</summary>
internal enum RecordingFormat
{
    /// <summary>16 bit PCM, two channels, 8 kHz: 115 MB an hour.</summary>
    Wav,

    /// <summary>Opus in Ogg (RFC 7845), two channels: about 18 MB an hour, and much more of the processor.</summary>
    Opus,
}
