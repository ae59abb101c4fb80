namespace EventCalls.Store.Appending;

/// <summary>What an append must know of one stream, read under the stream's lock, and what it makes of it.</summary>
internal sealed class StreamState(Guid callId, long version = 0, bool ended = false, CallRow? row = null)
{
    private const int UsualLength = 12;

    // Streams are short and the list holds few ids, so walking it is faster than hashing.
    private readonly List<Guid> _known = new(UsualLength);

    public Guid CallId { get; } = callId;

    /// <summary>The version the stream has in the database; 0 for a new one.</summary>
    public long StoredVersion { get; set; } = version;

    /// <summary>The version of the last event, stored or planned.</summary>
    public long Version { get; set; } = version;

    public bool Ended { get; set; } = ended;

    public CallRow? Row { get; set; } = row;

    /// <summary>True when the append put a <see cref="Contracts.CallStarted"/> into the stream, so that the row's fixed part may have changed.</summary>
    public bool IsStarted { get; set; }

    public bool IsNew => StoredVersion == 0;

    public bool IsChanged => Version != StoredVersion;

    public void Know(Guid eventId) => _known.Add(eventId);

    public bool Knows(Guid eventId) => _known.Contains(eventId);
}
