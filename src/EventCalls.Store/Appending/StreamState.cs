namespace EventCalls.Store.Appending;

/// <summary>What an append must know of one stream, read under the stream's lock, and what it makes of it.</summary>
/// <param name="callId">The call.</param>
/// <param name="version">The version the stream has in the database; 0 for a new one.</param>
/// <param name="ended">Whether the stream has its terminal event.</param>
/// <param name="row">The call's row; null when there is none.</param>
public sealed class StreamState(Guid callId, long version = 0, bool ended = false, CallRow? row = null)
{
    private const int UsualLength = 12;

    // Streams are short and the list holds few ids, so walking it is faster than hashing.
    private readonly List<Guid> _known = new(UsualLength);

    /// <summary>The call.</summary>
    public Guid CallId { get; } = callId;

    /// <summary>The version the stream has in the database; 0 for a new one.</summary>
    public long StoredVersion { get; set; } = version;

    /// <summary>The version of the last event, stored or planned.</summary>
    public long Version { get; set; } = version;

    /// <summary>Whether the stream has its terminal event, stored or planned.</summary>
    public bool Ended { get; set; } = ended;

    /// <summary>The call's row as it is after what is planned; null when there is none.</summary>
    public CallRow? Row { get; set; } = row;

    /// <summary>True when the append put a <see cref="Contracts.CallStarted"/> into the stream, so that the row's fixed part may have changed.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether the database has no such stream.</summary>
    public bool IsNew => StoredVersion == 0;

    /// <summary>Whether something is planned for the stream.</summary>
    public bool IsChanged => Version != StoredVersion;

    /// <summary>Notes that the stream has an event.</summary>
    public void Know(Guid eventId) => _known.Add(eventId);

    /// <summary>Whether the stream has an event.</summary>
    public bool Knows(Guid eventId) => _known.Contains(eventId);
}
