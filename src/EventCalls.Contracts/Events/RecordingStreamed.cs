namespace EventCalls.Contracts;

/// <summary>The call, or a part of it, was sent to a recorder outside while it went on (SIPREC, RFC 7866). Published by telephony.</summary>
public sealed record RecordingStreamed : CallEvent
{
    /// <summary>The recorder, as it is configured.</summary>
    public required string Recorder { get; init; }

    /// <summary>By what the recorder knows the recording: the <c>session_id</c> of its metadata (RFC 7865 §6.1).</summary>
    public required string SessionId { get; init; }

    /// <summary>For how long it was sent, milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
}
