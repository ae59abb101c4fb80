namespace EventCalls.Sip.Messages;

/// <summary>
/// A SIP message as a view over the buffer it was received in. It is refilled by <see cref="Parsing.SipParser"/> and allocates nothing
/// once warm; every span is valid until that buffer is overwritten or the message is parsed again (<see cref="Clone"/> keeps one).
/// </summary>
public sealed partial class SipMessage
{
    /// <summary>Whether it is a request; a response otherwise.</summary>
    public bool IsRequest { get; internal set; }

    /// <summary>The method of a request; the CSeq method of a response.</summary>
    public SipMethod Method { get; internal set; }

    /// <summary>The name of <see cref="Method"/> as received.</summary>
    public ReadOnlySpan<byte> MethodName => Span(IsRequest ? MethodSlice : CSeqMethodSlice);

    /// <summary>The Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri => Span(UriSlice);

    /// <summary>The status code, 100 to 699; 0 for a request.</summary>
    public int StatusCode { get; internal set; }

    /// <summary>The reason phrase; empty for a request.</summary>
    public ReadOnlySpan<byte> ReasonPhrase => Span(ReasonSlice);

    /// <summary>The first line without its line end.</summary>
    public ReadOnlySpan<byte> StartLine => Span(StartLineSlice);

    /// <summary>The message's bytes, from the first line to the end of the body.</summary>
    public ReadOnlySpan<byte> Raw => new(_buffer, _origin, _length);

    /// <summary>Whether an erroneous request can still be answered: Via can be read and From, To, Call-ID and CSeq are there.</summary>
    public bool CanRespond { get; internal set; }

    /// <summary>How many header fields there are.</summary>
    public int HeaderCount => _count;

    /// <summary>The header field at a position, in the order received.</summary>
    public HeaderField this[int i]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)_count, nameof(i));
            ref readonly var entry = ref _entries[i];
            return new HeaderField(
                entry.Id,
                new ReadOnlySpan<byte>(_buffer, _origin + entry.NameStart, entry.NameLength),
                new ReadOnlySpan<byte>(_buffer, _origin + entry.ValueStart, entry.ValueLength));
        }
    }

    public ReadOnlySpan<byte> CallId => Header(HeaderId.CallId);

    /// <summary>The whole value of From.</summary>
    public ReadOnlySpan<byte> From => Header(HeaderId.From);

    /// <summary>The tag of From; empty when there is none.</summary>
    public ReadOnlySpan<byte> FromTag => Span(FromTagSlice);

    /// <summary>The whole value of To.</summary>
    public ReadOnlySpan<byte> To => Header(HeaderId.To);

    /// <summary>The tag of To; empty when there is none.</summary>
    public ReadOnlySpan<byte> ToTag => Span(ToTagSlice);

    /// <summary>The first Via value alone, also when several share one header field.</summary>
    public ReadOnlySpan<byte> TopVia => Span(TopViaSlice);

    /// <summary>The branch of the first Via; empty when there is none.</summary>
    public ReadOnlySpan<byte> ViaBranch => Span(ViaBranchSlice);

    /// <summary>Host and port of the first Via as written.</summary>
    public ReadOnlySpan<byte> ViaSentBy => Span(ViaSentBySlice);

    /// <summary>Whether the first Via asks for symmetric response routing (RFC 3581).</summary>
    public bool ViaHasRport { get; internal set; }

    /// <summary>The CSeq number, below 2^31 (RFC 3261 §8.1.1.5).</summary>
    public uint CSeqNumber { get; internal set; }

    public SipMethod CSeqMethod { get; internal set; }

    public ReadOnlySpan<byte> CSeqMethodName => Span(CSeqMethodSlice);

    /// <summary>Max-Forwards, 0 to 255, or -1 when absent.</summary>
    public int MaxForwards { get; internal set; }

    public ReadOnlySpan<byte> Body => Span(BodySlice);

    public ReadOnlySpan<byte> ContentType => Header(HeaderId.ContentType);

    /// <summary>Whether there is at least one field of that kind.</summary>
    public bool Has(HeaderId id) => FirstIndexOf(id) >= 0;

    /// <summary>The whole value of the first field of that kind; empty when there is none.</summary>
    public ReadOnlySpan<byte> Header(HeaderId id)
    {
        var index = FirstIndexOf(id);
        if (index < 0)
            return default;
        ref readonly var entry = ref _entries[index];
        return new ReadOnlySpan<byte>(_buffer, _origin + entry.ValueStart, entry.ValueLength);
    }

    /// <summary>The whole value of the first field of that name, in any case or compact; empty when there is none.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var id = HeaderNames.Of(name);
        if (id != HeaderId.Other)
            return Header(id);
        for (var i = 0; i < _count; i++)
        {
            var field = this[i];
            if (field.Id == HeaderId.Other && SipText.EqualsIgnoreCase(field.Name, name))
                return field.Value;
        }
        return default;
    }

    /// <summary>All values of that kind, over repeated fields and comma-separated elements.</summary>
    public HeaderValues Values(HeaderId id) => new(this, id);

    /// <summary>Whether Supported names the option tag (RFC 3261 §20.37).</summary>
    public bool Supports(ReadOnlySpan<byte> optionTag) => Names(HeaderId.Supported, optionTag);

    /// <summary>Whether Require names the option tag (RFC 3261 §20.32).</summary>
    public bool Requires(ReadOnlySpan<byte> optionTag) => Names(HeaderId.Require, optionTag);

    private bool Names(HeaderId id, ReadOnlySpan<byte> optionTag)
    {
        foreach (var value in Values(id))
        {
            if (SipText.EqualsIgnoreCase(value, optionTag))
                return true;
        }
        return false;
    }

    /// <summary>A copy with bytes of its own, for whoever must keep the message.</summary>
    public SipMessage Clone()
    {
        var copy = (SipMessage)MemberwiseClone();
        copy._buffer = Raw.ToArray();
        copy._origin = 0;
        copy._entries = _entries.AsSpan(0, _count).ToArray();
        copy._firsts = [.. _firsts];
        return copy;
    }
}
