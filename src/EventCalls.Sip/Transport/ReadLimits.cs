namespace EventCalls.Sip.Transport;

/// <summary>How long a connection may say nothing, and how long a message on it may take.</summary>
internal sealed class ReadLimits(TimeProvider time, ShardOptions options, bool isTrusted)
{
    private bool _isTrusted = isTrusted;
    private long _heardAt = time.GetTimestamp();
    private long? _messageSince;
    private long? _handshakeSince;

    /// <summary>What is to be said of the limit that is over.</summary>
    public string Exceeded =>
        _handshakeSince is not null ? $"the handshake was not done within {options.HandshakeTimeoutMs} ms"
        : _messageSince is not null ? $"a message was not complete within {options.MessageTimeoutMs} ms"
        : _isTrusted ? $"nothing came for {options.IdleTimeoutMs} ms"
        : $"no message came within {options.FirstMessageTimeoutMs} ms";

    /// <summary>How long may still be waited.</summary>
    public TimeSpan Left()
    {
        if (_handshakeSince is { } began)
            return TimeSpan.FromMilliseconds(options.HandshakeTimeoutMs) - time.GetElapsedTime(began);
        if (_messageSince is { } since)
            return TimeSpan.FromMilliseconds(options.MessageTimeoutMs) - time.GetElapsedTime(since);
        return TimeSpan.FromMilliseconds(_isTrusted ? options.IdleTimeoutMs : options.FirstMessageTimeoutMs) - time.GetElapsedTime(_heardAt);
    }

    /// <summary>From now on the handshake's limit counts, and no other.</summary>
    public void BeginHandshake() => _handshakeSince = time.GetTimestamp();

    /// <summary>The handshake is done.</summary>
    public void EndHandshake() => _handshakeSince = null;

    /// <summary>Bytes came: whether they completed a message, and whether they began another.</summary>
    public void OnRead(bool whole, bool isWithinMessage)
    {
        _isTrusted |= whole;
        // Keep-alives alone hold a connection open only once a message has come on it.
        if (_isTrusted)
            _heardAt = time.GetTimestamp();
        if (!isWithinMessage)
            _messageSince = null;
        else if (whole || _messageSince is null)
            _messageSince = time.GetTimestamp();
    }
}
