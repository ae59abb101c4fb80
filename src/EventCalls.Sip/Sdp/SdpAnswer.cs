using System.Net;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>Session descriptions of a party without media of its own: valid, and inactive (RFC 3264).</summary>
public static class SdpAnswer
{
    /// <summary>The discard port: the stream exists, yet nothing shall be sent there (RFC 863).</summary>
    public const int DiscardPort = 9;

    /// <summary>
    /// Answers an offer: the first audio stream over plain RTP with a codec that is known is accepted as <c>inactive</c>, with the
    /// telephone events it offers, every other stream is refused with port 0. False when the offer cannot be read or has no such stream (488).
    /// </summary>
    /// <param name="offer">The offered description.</param>
    /// <param name="localAddress">An IPv4 or IPv6 address.</param>
    /// <param name="sessionId">The number of our session, the same in all our descriptions of a dialog.</param>
    /// <param name="version">Its version, one more with every changed description.</param>
    /// <param name="answer">The answer.</param>
    /// <exception cref="ArgumentException">The local address is not an IP address.</exception>
    public static bool TryInactive(ReadOnlySpan<byte> offer, string localAddress, long sessionId, long version, out byte[] answer) =>
        Try(offer, localAddress, sessionId, version, isOpen: false, out answer);

    /// <summary>
    /// Answers an offer for somebody who plays and listens: the first audio stream over RTP with a codec that is encoded here is accepted both ways, over
    /// plain RTP, whatever protection is agreed on beside it. Else as <see cref="TryInactive"/>.
    /// </summary>
    /// <inheritdoc cref="TryInactive" path="/param" />
    public static bool TryOpen(ReadOnlySpan<byte> offer, string localAddress, long sessionId, long version, out byte[] answer) =>
        Try(offer, localAddress, sessionId, version, isOpen: true, out answer);

    private static bool Try(ReadOnlySpan<byte> offer, string localAddress, long sessionId, long version, bool isOpen, out byte[] answer)
    {
        answer = [];
        var lines = new SdpLine(offer);
        if (!lines.MoveNext() || lines.Type != (byte)'v' || !lines.Value.SequenceEqual("0"u8))
            return false;
        var writer = new SipWriter(512);
        ReadOnlySpan<byte> timing = default;
        var accepted = false;
        bool isSession = true;
        var direction = SdpDirection.SendRecv;
        while (lines.MoveNext())
        {
            isSession &= lines.Type != (byte)'m';
            if (isSession && lines.Type == (byte)'a')
                direction = SdpView.DirectionOf(lines.Value) ?? direction;
            if (lines.Type == (byte)'t' && timing.IsEmpty)
                timing = lines.Value;
        }
        Head(writer, localAddress, sessionId, version, timing);
        var rest = offer;
        while (TryTakeMedia(ref rest, out var mediaLine, out var section))
        {
            if (!SdpMedia.TryParse(mediaLine, out var media))
                return false;
            if (!accepted && TryAccept(writer, media, new FormatMap(section), isOpen ? DirectionIn(section, direction) : SdpDirection.Inactive, isOpen))
                accepted = true;
            else
                Refuse(writer, media);
        }
        answer = writer.Written.ToArray();
        return accepted;
    }

    /// <summary>An offer for an INVITE that brought none: G.711 and telephone events, inactive or both ways (RFC 3264 §5).</summary>
    /// <exception cref="ArgumentException">The local address is not an IP address.</exception>
    public static byte[] Offer(string localAddress, long sessionId, long version, bool isOpen = false)
    {
        var writer = new SipWriter(512);
        Head(writer, localAddress, sessionId, version, default);
        writer.Raw($"m=audio {DiscardPort} RTP/AVP 0 8 101\r\n");
        writer.Raw("a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"u8);
        if (!isOpen)
            writer.Raw("a=inactive\r\n"u8);
        return writer.Written.ToArray();
    }

    private static void Head(SipWriter writer, string localAddress, long sessionId, long version, ReadOnlySpan<byte> timing)
    {
        if (!IPAddress.TryParse(localAddress, out var address))
            throw new ArgumentException($"'{localAddress}' is not an IP address.", nameof(localAddress));
        var type = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
        writer.Raw($"v=0\r\no=- {sessionId} {version} IN {type} {address}\r\ns=-\r\nc=IN {type} {address}\r\nt=");
        // The answer's time is that of the offer (RFC 3264 §6).
        writer.Raw(timing.IsEmpty ? "0 0"u8 : timing);
        writer.Crlf();
    }

    private static bool TryAccept(SipWriter writer, SdpMedia media, FormatMap map, SdpDirection offered, bool isOpen)
    {
        if (!media.IsAudio || media.Port == 0 || !(isOpen ? media.Protocol.IndexOf("RTP/"u8) >= 0 : IsPlain(media.Protocol)))
            return false;
        ReadOnlySpan<byte> codec = default;
        var formats = media.Formats;
        while (codec.IsEmpty && SdpLine.TakeWord(ref formats) is { IsEmpty: false } format)
        {
            var encoding = map.EncodingOf(format);
            if (encoding.IsEmpty ? SipText.TryDecimal(format, 127, out var type) && (isOpen ? type is 0 or 8 : AudioCodecs.IsStatic((int)type)) : isOpen ? AudioCodecs.IsEncodedHere(encoding) : AudioCodecs.IsKnown(encoding))
                codec = format;
        }
        if (codec.IsEmpty)
            return false;
        var events = TelephoneEvents(media, map, codec);
        writer.Raw($"m=audio {DiscardPort} ");
        writer.Raw(isOpen ? "RTP/AVP"u8 : media.Protocol);
        writer.Raw(" "u8);
        writer.Raw(codec);
        if (!events.IsEmpty)
        {
            writer.Raw(" "u8);
            writer.Raw(events);
        }
        writer.Crlf();
        Describe(writer, map, codec);
        Describe(writer, map, events);
        // What was offered one way is answered the other way (RFC 3264 §6.1).
        writer.Raw(offered switch
        {
            SdpDirection.Inactive => "a=inactive\r\n"u8,
            SdpDirection.SendOnly => "a=recvonly\r\n"u8,
            SdpDirection.RecvOnly => "a=sendonly\r\n"u8,
            _ => default,
        });
        return true;
    }

    private static SdpDirection DirectionIn(ReadOnlySpan<byte> section, SdpDirection direction)
    {
        var lines = new SdpLine(section);
        while (lines.MoveNext())
        {
            if (lines.Type == (byte)'a')
                direction = SdpView.DirectionOf(lines.Value) ?? direction;
        }
        return direction;
    }

    /// <summary>RTP without keys to agree on; AVPF differs in feedback only, which an inactive stream has none of (RFC 4585).</summary>
    private static bool IsPlain(ReadOnlySpan<byte> protocol) =>
        SipText.EqualsIgnoreCase(protocol, "RTP/AVP"u8) || SipText.EqualsIgnoreCase(protocol, "RTP/AVPF"u8);

    /// <summary>The telephone events with the codec's clock rate, since both share a stream's time line (RFC 4733 §2.1).</summary>
    private static ReadOnlySpan<byte> TelephoneEvents(SdpMedia media, FormatMap map, ReadOnlySpan<byte> codec)
    {
        var rate = RateOf(map.EncodingOf(codec));
        var formats = media.Formats;
        while (SdpLine.TakeWord(ref formats) is { IsEmpty: false } format)
        {
            var encoding = map.EncodingOf(format);
            if (AudioCodecs.IsTelephoneEvent(encoding) && RateOf(encoding).SequenceEqual(rate))
                return format;
        }
        return default;
    }

    private static ReadOnlySpan<byte> RateOf(ReadOnlySpan<byte> encoding)
    {
        var slash = encoding.IndexOf((byte)'/');
        if (slash < 0)
            return "8000"u8;
        var rate = encoding[(slash + 1)..];
        var channels = rate.IndexOf((byte)'/');
        return channels < 0 ? rate : rate[..channels];
    }

    private static void Describe(SipWriter writer, FormatMap map, ReadOnlySpan<byte> format)
    {
        if (format.IsEmpty)
            return;
        Attribute(writer, "a=rtpmap:"u8, format, map.EncodingOf(format));
        Attribute(writer, "a=fmtp:"u8, format, map.ParametersOf(format));
    }

    private static void Attribute(SipWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> format, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        writer.Raw(name);
        writer.Raw(format);
        writer.Raw(" "u8);
        writer.Raw(value);
        writer.Crlf();
    }

    private static void Refuse(SipWriter writer, SdpMedia media)
    {
        writer.Raw("m="u8);
        writer.Raw(media.Kind);
        writer.Raw(" 0 "u8);
        writer.Raw(media.Protocol);
        writer.Raw(" "u8);
        writer.Raw(media.Formats);
        writer.Crlf();
    }

    /// <summary>Takes the next m-line and the lines that belong to it off the offer.</summary>
    public static bool TryTakeMedia(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> mediaLine, out ReadOnlySpan<byte> section)
    {
        mediaLine = section = default;
        var start = StartOfMedia(rest);
        if (start < 0)
            return false;
        var media = rest[start..];
        var end = media.IndexOf((byte)'\n') + 1;
        if (end == 0)
            end = media.Length;
        mediaLine = SipText.TrimEnd(media[2..end]);
        var next = StartOfMedia(media[end..]);
        section = next < 0 ? media[end..] : media.Slice(end, next);
        rest = next < 0 ? default : media[(end + next)..];
        return true;
    }

    private static int StartOfMedia(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("m="u8))
            return 0;
        var found = text.IndexOf("\nm="u8);
        return found < 0 ? -1 : found + 1;
    }
}
