using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>One media description: its m-line taken apart (RFC 8866 §5.14).</summary>
public readonly ref struct SdpMedia
{
    private SdpMedia(ReadOnlySpan<byte> kind, int port, ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> formats)
    {
        Kind = kind;
        Port = port;
        Protocol = protocol;
        Formats = formats;
    }

    /// <summary>Such as <c>audio</c>.</summary>
    public ReadOnlySpan<byte> Kind { get; }

    /// <summary>The port, 0 when the stream is refused.</summary>
    public int Port { get; }

    /// <summary>Such as <c>RTP/AVP</c>.</summary>
    public ReadOnlySpan<byte> Protocol { get; }

    /// <summary>The formats as listed, most wanted first.</summary>
    public ReadOnlySpan<byte> Formats { get; }

    /// <summary>Whether it is audio.</summary>
    public bool IsAudio => SipText.EqualsIgnoreCase(Kind, "audio"u8);

    /// <summary>Takes the value of an m-line apart.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SdpMedia media)
    {
        media = default;
        var rest = text;
        var kind = SdpLine.TakeWord(ref rest);
        var port = SdpLine.TakeWord(ref rest);
        var protocol = SdpLine.TakeWord(ref rest);
        var slash = port.IndexOf((byte)'/');
        rest = SipText.Trim(rest);
        if (!SipText.TryDecimal(slash < 0 ? port : port[..slash], 65535, out var number) || protocol.IsEmpty || rest.IsEmpty)
            return false;
        media = new SdpMedia(kind, (int)number, protocol, rest);
        return true;
    }
}
