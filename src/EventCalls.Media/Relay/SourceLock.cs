namespace EventCalls.Media.Relay;

/// <summary>Who may send to a port: the first one who does so with media, and nobody else until the session changes.</summary>
/// <remarks>
/// A peer behind a translator is not where its description says, so what is heard first is believed, and is where media is sent to. Who guessed
/// the port and was quicker than the peer gives way within three seconds to whoever fits the description better, and so does what is
/// still on its way from where the peer was before it moved.
/// </remarks>
internal struct SourceLock
{
    /// <summary>How long a source that is not where the description says may be corrected, µs.</summary>
    private const long Probation = 3_000_000;

    private PeerAddress? _described;
    private PeerAddress? _source;
    private PeerAddress? _former;
    private Fit _fit;
    private bool _isHeld;
    private long _heardAt;

    /// <summary>How well a source fits what the peer says of itself.</summary>
    private enum Fit
    {
        /// <summary>It is where the peer was before it described another place.</summary>
        Former,

        /// <summary>It is anywhere.</summary>
        Elsewhere,

        /// <summary>It is another port of the described address.</summary>
        Address,

        /// <summary>It is as described.</summary>
        Whole,

        /// <summary>It has proven to be the peer's.</summary>
        Proven,
    }

    /// <summary>Where media is sent to: where it comes from, or as long as nothing came, where the description says; null for nowhere.</summary>
    public PeerAddress? Destination { readonly get => Volatile.Read(in field); private set => Volatile.Write(ref field, value); }

    /// <summary>How many datagrams of others, and of no use, were ignored.</summary>
    public long Ignored { get; private set; }

    /// <summary>The peer has described where it is; the same place as before changes nothing. On hold in the old way it is nowhere for a while.</summary>
    public void Describe(PeerAddress? described, bool isHeld = false)
    {
        _isHeld = isHeld;
        if (isHeld)
        {
            Destination = null;
            return;
        }
        if (described is null || _described is null || !_described.Is(described.Span))
        {
            _described = described;
            if (_fit != Fit.Proven)
                (_former, _source) = (_source ?? _former, null);
        }
        Destination = _source ?? described;
    }

    /// <summary>Whoever sends from there has proven to be the peer: nobody else is heard until another place is proven.</summary>
    public void Prove(ReadOnlySpan<byte> from)
    {
        _fit = Fit.Proven;
        if (_source is null || !_source.Is(from))
            _source = PeerAddress.Of(from);
        Destination = _isHeld ? null : _source;
    }

    /// <summary>Whether what comes from there at a time, µs, can be the peer's; what cannot is counted.</summary>
    public bool Admits(ReadOnlySpan<byte> from, long now)
    {
        if (_source is null || _source.Is(from) || (now - _heardAt < Probation && FitOf(from) > _fit))
            return true;
        Ignored++;
        return false;
    }

    /// <summary>What was admitted is media, and so from the peer.</summary>
    public void Take(ReadOnlySpan<byte> from, long now)
    {
        if (_source is { } source && source.Is(from))
            return;
        _fit = FitOf(from);
        _source = _fit == Fit.Whole ? _described! : PeerAddress.Of(from);
        _heardAt = now;
        Destination = _isHeld ? null : _source;
    }

    /// <summary>What was admitted is of no use; it is counted unless it is the peer's.</summary>
    public void Refuse(ReadOnlySpan<byte> from)
    {
        if (_source is null || !_source.Is(from))
            Ignored++;
    }

    private readonly Fit FitOf(ReadOnlySpan<byte> from) =>
        _described is not null && _described.Is(from) ? Fit.Whole
        : _former is not null && _former.Is(from) ? Fit.Former
        : _described is not null && _described.IsAt(from) ? Fit.Address
        : Fit.Elsewhere;
}
