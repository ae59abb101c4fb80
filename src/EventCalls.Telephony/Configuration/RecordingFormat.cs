namespace EventCalls.Telephony.Configuration;

/// <summary>What recordings are written as: two channels, the caller's left, the target's right.</summary>
public enum RecordingFormat : byte
{
    /// <summary>16 bits, 8 kHz.</summary>
    Wav,

    /// <summary>Ogg/Opus, a tenth of the size.</summary>
    Opus,
}
