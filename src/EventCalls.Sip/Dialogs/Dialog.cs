using System.Net;
using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>The state of a dialog, and the requests written from it (RFC 3261 §12).</summary>
internal sealed class Dialog
{
    private byte[][] _routes = [];
    private bool _hasRemoteCSeq;
    private bool _staysOnConnection;
    private bool _isSecure;
    private byte[]? _contactParameters;
    private readonly IPAddress _madeWith;
    private Hop _heardFrom;
    private (TransportProtocol Protocol, IPEndPoint Remote)? _nextHop;

    private Dialog(byte[] callId, byte[] localTag, byte[] local, byte[] remote, byte[] remoteTag, byte[] remoteTarget, Hop hop)
    {
        CallId = callId;
        LocalTag = localTag;
        Local = local;
        Remote = remote;
        RemoteTag = remoteTag;
        RemoteTarget = remoteTarget;
        Hop = hop;
        _heardFrom = hop;
        _madeWith = hop.Remote.Address;
    }

    public byte[] CallId { get; }

    public byte[] LocalTag { get; }

    /// <summary>Our name-addr, without the tag.</summary>
    public byte[] Local { get; }

    /// <summary>Their From or To value as received, tag included.</summary>
    public byte[] Remote { get; private set; }

    public byte[] RemoteTag { get; private set; }

    public byte[] RemoteTarget { get; private set; }

    public Hop Hop { get; private set; }

    /// <summary>Our Contact: with sips where the dialog was asked for with such a URI (RFC 3261 §8.1.1.8, §12.1.1).</summary>
    public byte[] ContactLine => _contactParameters is null ? PlainContactLine : [.. PlainContactLine.AsSpan(0, PlainContactLine.Length - 2), .. _contactParameters, (byte)'\r', (byte)'\n'];

    private byte[] PlainContactLine => _isSecure ? Hop.SecureContactLine : Hop.ContactLine;

    public uint LocalCSeq { get; private set; }

    public uint RemoteCSeq { get; private set; }

    public int MaxForwards { get; init; } = 70;

    /// <summary>Whether requests go where the peer was heard from.</summary>
    public NatUse Nat { get; private set; }

    /// <summary>Says so, from the next request on.</summary>
    public void Use(NatUse nat)
    {
        Nat = nat;
        FindHop();
    }

    /// <summary>A request of the peer's came from there: a translation of addresses may have given it another port since.</summary>
    public void HeardFrom(Hop hop)
    {
        if (Nat == NatUse.Off || hop == _heardFrom)
            return;
        _heardFrom = hop;
        FindHop();
    }

    /// <summary>The dialog of an INVITE received (RFC 3261 §12.1.1).</summary>
    public static Dialog OfReceived(SipMessage invite, Hop hop, byte[] localTag)
    {
        var target = ContactOf(invite);
        var dialog = new Dialog(
            invite.CallId.ToArray(), localTag, WithoutTag(invite.To), Unfolded(invite.From), invite.FromTag.ToArray(),
            target.IsEmpty ? Encoding.ASCII.GetBytes($"sip:{hop.RemoteHost}:{hop.Remote.Port}") : target.ToArray(), hop)
        {
            RemoteCSeq = invite.CSeqNumber,
            _hasRemoteCSeq = true,
        };
        dialog.LocalCSeq = 0;
        dialog._staysOnConnection = StaysOnConnection(invite, hop);
        dialog._isSecure = IsSecure(invite.RequestUri);
        dialog._routes = RoutesOf(invite, reverse: false);
        dialog.FindHop();
        return dialog;
    }

    /// <summary>The dialog-to-be of an INVITE of ours.</summary>
    public static Dialog OfSent(OutgoingInvite invite, byte[] callId, byte[] localTag) =>
        new(callId, localTag, Encoding.UTF8.GetBytes(invite.From), Encoding.UTF8.GetBytes(invite.To), [], Encoding.UTF8.GetBytes(invite.RequestUri), invite.Hop)
        {
            MaxForwards = invite.MaxForwards,
            _routes = [.. invite.Routes.Select(Encoding.UTF8.GetBytes)],
            _isSecure = invite.RequestUri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase),
            _contactParameters = invite.ContactParameters is { } parameters ? Encoding.ASCII.GetBytes(parameters) : null,
            Nat = invite.Nat,
        };

    /// <summary>The dialog a 2xx to our INVITE makes; forks make one each (RFC 3261 §12.1.2).</summary>
    public Dialog Establish(SipMessage response)
    {
        var dialog = new Dialog(CallId, LocalTag, Local, Unfolded(response.To), response.ToTag.ToArray(), RemoteTarget, Hop)
        {
            LocalCSeq = LocalCSeq,
            Nat = Nat,
            _isSecure = _isSecure,
            _contactParameters = _contactParameters,
            _routes = RoutesOf(response, reverse: true),
        };
        dialog.RefreshTarget(response);
        return dialog;
    }

    /// <summary>The peer's Contact changed by a target refresh (RFC 3261 §12.2.1.2, §12.2.2).</summary>
    public void RefreshTarget(SipMessage message)
    {
        var target = ContactOf(message);
        if (!target.IsEmpty && !target.SequenceEqual(RemoteTarget))
            RemoteTarget = target.ToArray();
        FindHop();
    }

    /// <summary>Whether a request's CSeq is in order; takes it if so (RFC 3261 §12.2.2).</summary>
    public bool TakeRemoteCSeq(uint cseq)
    {
        if (_hasRemoteCSeq && cseq < RemoteCSeq)
            return false;
        RemoteCSeq = cseq;
        _hasRemoteCSeq = true;
        return true;
    }

    /// <summary>Whether requests of this dialog can come from the address: whom it was made with, its Contact, or a proxy of its route set.</summary>
    /// <remarks>Where a host name leads is not known here: with one of these in the dialog its tags alone have to do.</remarks>
    public bool IsPeer(IPAddress address)
    {
        if (address.Equals(_madeWith) || address.Equals(Hop.Remote.Address) || MayBeAt(RemoteTarget, address))
            return true;
        foreach (var route in _routes)
        {
            if (MayBeAt(UriOf(route), address))
                return true;
        }
        return false;
    }

    public uint NextCSeq() => ++LocalCSeq;

    /// <summary>What stands in the request line of our requests: the target, or the first route when that is a strict router.</summary>
    public ReadOnlySpan<byte> RequestUri => IsStrict ? AsRequestUri(UriOf(_routes[0])) : RemoteTarget;

    private bool IsStrict => _routes.Length > 0 && !IsLoose(_routes[0]);

    /// <summary>Writes start line and dialog headers of a request; the caller adds the rest and the body (RFC 3261 §12.2.1.1).</summary>
    public void Begin(SipWriter writer, SipMethod method, uint cseq, ReadOnlySpan<byte> branch, ReadOnlySpan<byte> userAgentLine)
    {
        bool strict = IsStrict;
        writer.Reset();
        writer.Request(SipMethods.Name(method), RequestUri);
        writer.Raw(Hop.ViaPrefix);
        writer.Raw(IdSource.Cookie);
        writer.Raw(branch);
        writer.Crlf();
        writer.Header(HeaderId.MaxForwards, MaxForwards);
        for (int i = strict ? 1 : 0; i < _routes.Length; i++)
            writer.Header(HeaderId.Route, _routes[i]);
        if (strict)
        {
            writer.Raw("Route: <"u8);
            writer.Raw(RemoteTarget);
            writer.Raw(">\r\n"u8);
        }
        writer.Raw("From: "u8);
        writer.Raw(Local);
        writer.Raw(";tag="u8);
        writer.Raw(LocalTag);
        writer.Raw("\r\nTo: "u8);
        writer.Raw(Remote);
        writer.Raw("\r\nCall-ID: "u8);
        writer.Raw(CallId);
        writer.Raw("\r\nCSeq: "u8);
        Span<byte> number = stackalloc byte[12];
        cseq.TryFormat(number, out int length);
        writer.Raw(number[..length]);
        writer.Raw(" "u8);
        writer.Raw(SipMethods.Name(method));
        writer.Crlf();
        if (method is not (SipMethod.Bye or SipMethod.Ack or SipMethod.Cancel))
            writer.Raw(ContactLine);
        writer.Raw(userAgentLine);
    }

    /// <summary>What of a new INVITE could not be written into a request of ours later: a reason phrase; null when all can.</summary>
    /// <remarks>Checked once, here at the border: whoever is let in can be hung up on.</remarks>
    public static string? WhyUnusable(SipMessage invite)
    {
        // Without a Contact requests go where the INVITE came from; one that is there must be one (RFC 3261 §8.1.1.8, §12.1.1).
        if (invite.Has(HeaderId.Contact) && ContactOf(invite).IsEmpty)
            return "Bad Contact";
        foreach (var route in invite.Values(HeaderId.RecordRoute))
        {
            if (!IsRoute(route))
                return "Bad Record-Route";
        }
        return null;
    }

    /// <summary>The first Contact's URI when requests can be sent to it; empty otherwise, so that the target stays what it was.</summary>
    private static ReadOnlySpan<byte> ContactOf(SipMessage message)
    {
        foreach (var contact in message.Values(HeaderId.Contact))
            return NameAddr.TryParse(contact, out var address) && TrySip(address.Uri, out _) ? AsRequestUri(address.Uri) : default;
        return default;
    }

    /// <summary>The URI as it may stand in a request line: without headers (RFC 3261 §12.2.1.1, §19.1.1).</summary>
    private static ReadOnlySpan<byte> AsRequestUri(ReadOnlySpan<byte> uri)
    {
        int headers = SipUri.TryParse(uri, out var parsed) ? parsed.Headers.Length : 0;
        return headers == 0 ? uri.TrimEnd((byte)'?') : uri[..^(headers + 1)];
    }

    private static bool IsSecure(ReadOnlySpan<byte> uri) => SipUri.TryParse(uri, out var parsed) && parsed.Scheme == UriScheme.Sips;

    private static bool IsRoute(ReadOnlySpan<byte> route) => NameAddr.TryParse(route, out var address) && TrySip(address.Uri, out _);

    private static bool TrySip(ReadOnlySpan<byte> text, out SipUri uri) => SipUri.TryParse(text, out uri) && uri.Scheme is UriScheme.Sip or UriScheme.Sips;

    private static byte[][] RoutesOf(SipMessage message, bool reverse)
    {
        if (!message.Has(HeaderId.RecordRoute))
            return [];
        var routes = new List<byte[]>();
        foreach (var route in message.Values(HeaderId.RecordRoute))
        {
            if (IsRoute(route))
                routes.Add(route.ToArray());
        }
        if (reverse)
            routes.Reverse();
        return [.. routes];
    }

    private static byte[] WithoutTag(ReadOnlySpan<byte> to)
    {
        if (NameAddr.TryParse(to, out var address) && !address.Parameters.IsEmpty)
            to = to[..^(address.Parameters.Length + 1)];
        return Unfolded(to.TrimEnd("; \t"u8));
    }

    private static byte[] Unfolded(ReadOnlySpan<byte> value)
    {
        var text = value.ToArray();
        return text.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') < 0 ? text : text[..SipText.Unfold(value, text)];
    }

    private static bool IsLoose(byte[] route) =>
        NameAddr.TryParse(route, out var address) && SipUri.TryParse(address.Uri, out var uri) && uri.TryGetParameter("lr"u8, out _);

    private static bool MayBeAt(ReadOnlySpan<byte> uri, IPAddress address) =>
        SipUri.TryParse(uri, out var parsed) && (!IPAddress.TryParse(SipText.Get(parsed.Host), out var known) || known.Equals(address));

    private static ReadOnlySpan<byte> UriOf(byte[] route) => NameAddr.TryParse(route, out var address) ? address.Uri : route;

    /// <summary>Where requests go: the first route or the remote target when it names an address, else where the dialog came from (RFC 3261 §12.2.1.1).</summary>
    private void FindHop()
    {
        _nextHop = null;
        if ((_staysOnConnection && !Hop.IsClosed) || Hop.IsInside)
            return;
        if (IsBehindTranslation())
        {
            Hop = _heardFrom;
            return;
        }
        if (NextHop(_routes.Length > 0 ? UriOf(_routes[0]) : RemoteTarget) is not { } next)
            return;
        if (!Hop.IsClosed && Hop.Protocol == next.Protocol && Hop.Remote.Equals(next.Remote))
            return;
        _nextHop = next;
    }

    /// <summary>Whether the peer is reached where it was heard from: not through proxies, whose routes say where requests go.</summary>
    private bool IsBehindTranslation() => Nat switch
    {
        NatUse.Off => false,
        _ when _routes.Length > 0 || _heardFrom.IsClosed => false,
        NatUse.On => true,
        _ => SipUri.TryParse(RemoteTarget, out var uri) && IPAddress.TryParse(SipText.Get(uri.Host), out var named) && AddressReach.IsHidden(named, _heardFrom.Remote.Address),
    };

    private (TransportProtocol Protocol, IPEndPoint Remote)? NextHop(ReadOnlySpan<byte> target)
    {
        // Nothing can be sent to port 0: as with a host name, what the peer is asked goes where it was heard.
        if (!SipUri.TryParse(target, out var uri) || uri.Scheme is not (UriScheme.Sip or UriScheme.Sips) || uri.Port == 0)
            return null;
        // maddr says where to send whatever the host says (RFC 3261 §19.1.1).
        var host = uri.TryGetParameter("maddr"u8, out var maddr) && !maddr.IsEmpty ? maddr : uri.Host;
        if (!IPAddress.TryParse(SipText.Get(host), out var address))
            return null;
        // Without a transport the peer is asked where it was heard: whoever came by TCP takes it.
        var protocol = Hop.Protocol;
        if (uri.TryGetParameter("transport"u8, out var transport))
        {
            if (!TransportNames.TryParse(transport, out protocol))
                return null;
        }
        // sips means TLS, whatever its transport parameter says (RFC 3261 §26.2.2, RFC 5630 §3.1.4).
        if (uri.Scheme == UriScheme.Sips)
            protocol = protocol.Secured();
        else if (protocol == TransportProtocol.Ws && Hop.Protocol == TransportProtocol.Wss)
            protocol = TransportProtocol.Wss;
        return (protocol, new IPEndPoint(address, uri.Port < 0 ? protocol.DefaultPort() : uri.Port));
    }

    /// <summary>Whether a caller can be reached over its own connection only: it is behind a translation of addresses (its Via and Contact name one it did not come from), or says so (RFC 5626 §4.3).</summary>
    private static bool StaysOnConnection(SipMessage invite, Hop hop)
    {
        if (!hop.IsReliable || invite.Has(HeaderId.RecordRoute) || !SipUri.TryParse(ContactOf(invite), out var contact))
            return false;
        // A client of WebSocket takes no connections, and its Contact names no host (RFC 7118 §5).
        if (hop.Protocol.IsWebSocket() || contact.TryGetParameter("ob"u8, out _))
            return true;
        return ViaField.TryParse(invite.TopVia, out var via)
            && via.Host.SequenceEqual(contact.Host)
            && IPAddress.TryParse(SipText.Get(via.Host), out var address)
            && !address.Equals(hop.Remote.Address);
    }

    /// <summary>Whether the peer can be reached over this connection alone.</summary>
    public bool IsBoundTo(Hop hop) => _staysOnConnection && Hop == hop;

    /// <summary>Takes the hop that the last target or route asks for, before the next request; a closed one is replaced.</summary>
    public void SettleHop(ISipOutput output)
    {
        if (Hop.IsClosed && _nextHop is null)
        {
            FindHop();
            _nextHop ??= (Hop.Protocol, Hop.Remote);
        }
        if (_nextHop is not { } next)
            return;
        _nextHop = null;
        Hop = output.HopTo(next.Protocol, next.Remote, Hop) ?? Hop;
    }
}
