namespace EventCalls.Media.Relay;

/// <summary>Who may send to a port: the first one who does, and nobody else until the session changes.</summary>
/// <remarks>
/// A peer behind a translator is not where its description says, so what is heard first is believed, and is where media is sent to. Who guessed
/// the port and was quicker than the peer gives way to whoever comes from the described address within three seconds.
/// </remarks>
internal struct SourceLock
{
    /// <summary>How long a source that is not where the description says may be corrected, µs.</summary>
    private const long Probation = 3_000_000;

    private PeerAddress? _described;
    private PeerAddress? _source;
    private long _heardAt;
    private bool _isProven;

    /// <summary>Where media is sent to: where it comes from, or as long as nothing came, where the description says; null for nowhere.</summary>
    public PeerAddress? Destination { readonly get => Volatile.Read(in field); private set => Volatile.Write(ref field, value); }

    /// <summary>How many datagrams of others were ignored.</summary>
    public long Ignored { get; private set; }

    /// <summary>The peer has described where it is. The same place as before changes nothing.</summary>
    public void Describe(PeerAddress? described)
    {
        if (described is not null && _described is not null && _described.Is(described.Span))
            return;
        _described = described;
        if (_isProven)
            return;
        _source = null;
        Destination = described;
    }

    /// <summary>Whoever sends from there has proven to be the peer: nobody else is heard until another place is proven.</summary>
    public void Prove(ReadOnlySpan<byte> from)
    {
        _isProven = true;
        if (_source is { } source && source.Is(from))
            return;
        _source = PeerAddress.Of(from);
        Destination = _source;
    }

    /// <summary>Whether a datagram that came at a time, µs, is the peer's.</summary>
    public bool Admits(ReadOnlySpan<byte> from, long now)
    {
        if (_source is { } source && source.Is(from))
            return true;
        if (_isProven)
        {
            Ignored++;
            return false;
        }
        bool isAsDescribed = _described is not null && _described.IsAt(from);
        if (_source is not null && !(isAsDescribed && !_described!.IsAt(_source.Span) && now - _heardAt < Probation))
        {
            Ignored++;
            return false;
        }
        _source = _described is not null && _described.Is(from) ? _described : PeerAddress.Of(from);
        _heardAt = now;
        Destination = _source;
        return true;
    }
}
