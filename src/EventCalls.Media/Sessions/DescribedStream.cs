using System.Globalization;
using System.Net;
using EventCalls.Media.Relay;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>What a description says of one stream that matters for moving its media: an m-line and the lines that belong to it.</summary>
internal sealed record DescribedStream
{
    /// <summary>Whether it is made of datagrams, which can be relayed: RTP, or fax by UDPTL.</summary>
    public required bool IsRelayed { get; init; }

    /// <summary>Whether it is RTP.</summary>
    public required bool IsRtp { get; init; }

    /// <summary>Whether it is audio.</summary>
    public required bool IsAudio { get; init; }

    /// <summary>Where its writer wants to get it; null when there is no such address, or it is on hold in the old way.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>Whether its writer has put it on hold in the old way, by an address that is none (RFC 3264 §8.4).</summary>
    public required bool IsHeld { get; init; }

    /// <summary>At which port; 0 when the stream is refused.</summary>
    public required int Port { get; init; }

    /// <summary>Where its writer wants to get RTCP.</summary>
    public required int ControlPort { get; init; }

    /// <summary>Whether its writer sends.</summary>
    public required bool Sends { get; init; }

    /// <summary>Whether its writer wants to get something.</summary>
    public required bool Receives { get; init; }

    /// <summary>Whether RTCP comes on the same port (RFC 5761).</summary>
    public required bool IsMuxed { get; init; }

    /// <summary>What its payload types are, most wanted first; without those that nobody knows.</summary>
    public required IReadOnlyList<(int Type, PayloadFormat Format)> Formats { get; init; }

    /// <summary>Its writer's user name fragment for ICE (RFC 8839 §5.4); null where it has no ICE.</summary>
    public required string? IceUser { get; init; }

    /// <summary>Whether its writer wants it protected.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>Whether its writer speaks of losses at once (RFC 4585).</summary>
    public required bool HasFeedback { get; init; }

    /// <summary>With which keys.</summary>
    public required DescribedKeys Keys { get; init; }

    /// <summary>Reads a description's streams in the order of their m-lines; none where it cannot be read.</summary>
    public static List<DescribedStream> ReadAll(ReadOnlySpan<byte> description)
    {
        var streams = new List<DescribedStream>();
        ReadOnlySpan<byte> sessionAddress = default;
        var direction = SdpDirection.SendRecv;
        string? iceUser = null;
        var session = new SdpLine(description);
        while (session.MoveNext() && session.Type != (byte)'m')
        {
            if (session.Type == (byte)'c')
                sessionAddress = session.Value;
            else if (session.Type == (byte)'a')
                direction = SdpView.DirectionOf(session.Value) ?? direction;
            iceUser ??= IceUserOf(session);
        }
        var keys = DescribedKeys.Read(description, DescribedKeys.None);
        var rest = description;
        while (SdpAnswer.TryTakeMedia(ref rest, out var mediaLine, out var section))
            streams.Add(Read(mediaLine, section, sessionAddress, direction, keys, iceUser));
        return streams;
    }

    private static DescribedStream Read(ReadOnlySpan<byte> mediaLine, ReadOnlySpan<byte> section, ReadOnlySpan<byte> address, SdpDirection direction, DescribedKeys keys, string? iceUser)
    {
        bool isMedia = SdpMedia.TryParse(mediaLine, out var media);
        int control = media.Port + 1;
        bool isMuxed = false;
        var lines = new SdpLine(section);
        while (lines.MoveNext())
        {
            if (lines.Type == (byte)'c')
            {
                address = lines.Value;
            }
            else if (lines.Type == (byte)'a')
            {
                direction = SdpView.DirectionOf(lines.Value) ?? direction;
                iceUser = IceUserOf(lines) ?? iceUser;
                isMuxed |= lines.Value.SequenceEqual("rtcp-mux"u8);
                var value = lines.Value;
                if (value.StartsWith("rtcp:"u8) && SdpLine.TakeWord(ref value) is var word && ushort.TryParse(word[5..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                    control = port;
            }
        }
        bool isRtp = media.Protocol.IndexOf("RTP/"u8) >= 0;
        return new DescribedStream
        {
            IsRtp = isRtp,
            IsRelayed = isMedia && (isRtp || SipText.EqualsIgnoreCase(media.Protocol, "udptl"u8)) && media.Protocol.IndexOf("TCP/"u8) < 0,
            IsAudio = isMedia && media.IsAudio,
            Address = AddressOf(address, out bool isHeld),
            // With ICE the address is one of several, or none that is known yet.
            IsHeld = isHeld && iceUser is null,
            Port = media.Port,
            ControlPort = isMuxed ? media.Port : control,
            Sends = direction is SdpDirection.SendRecv or SdpDirection.SendOnly,
            Receives = direction is SdpDirection.SendRecv or SdpDirection.RecvOnly,
            IsMuxed = isMuxed,
            IceUser = iceUser,
            IsSecure = media.Protocol.IndexOf("SAVP"u8) >= 0,
            HasFeedback = media.Protocol.EndsWith("AVPF"u8),
            Keys = DescribedKeys.Read(section, keys),
            Formats = isRtp ? FormatsOf(media.Formats, new FormatMap(section)) : [],
        };
    }

    private static string? IceUserOf(SdpLine line) =>
        line.Type == (byte)'a' && line.Value.StartsWith("ice-ufrag:"u8) && line.Value.Length is > 10 and <= 266 ? SipText.Get(line.Value["ice-ufrag:"u8.Length..]) : null;

    private static List<(int Type, PayloadFormat Format)> FormatsOf(ReadOnlySpan<byte> formats, FormatMap map)
    {
        var found = new List<(int, PayloadFormat)>();
        while (SdpLine.TakeWord(ref formats) is { IsEmpty: false } word)
        {
            if (!byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out byte type) || type > 127)
                continue;
            string encoding = SipText.Get(map.EncodingOf(word));
            string[] parts = encoding.Split('/');
            var format = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is >= 1000 and <= 192_000
                ? new PayloadFormat(parts[0], rate)
                : PayloadFormat.OfStaticType(type);
            if (format is not null)
                found.Add((type, format));
        }
        return found;
    }

    /// <summary>The address of a c-line; null where it is a name, or no address at all.</summary>
    private static IPAddress? AddressOf(ReadOnlySpan<byte> connection, out bool isHeld)
    {
        SdpLine.TakeWord(ref connection);
        SdpLine.TakeWord(ref connection);
        var word = SdpLine.TakeWord(ref connection);
        bool isAddress = IPAddress.TryParse(word, out var address);
        isHeld = isAddress && (address!.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isAddress && !isHeld ? address : null;
    }
}
