namespace EventCalls.Sip.Sdp;

/// <summary>What telephony needs to know of a session description (RFC 8866): its first audio stream. The spans lie in the parsed bytes.</summary>
public readonly ref struct SdpView
{
    private SdpView(ReadOnlySpan<byte> origin, int audioPort, ReadOnlySpan<byte> address, SdpDirection direction, ReadOnlySpan<byte> formats)
    {
        Origin = origin;
        AudioPort = audioPort;
        ConnectionAddress = address;
        Direction = direction;
        AudioFormats = formats;
    }

    /// <summary>The value of the o-line; a changed description has a higher version in it (RFC 3264 §8).</summary>
    public ReadOnlySpan<byte> Origin { get; }

    /// <summary>The port of the first audio stream; 0 when it is refused, -1 when there is none.</summary>
    public int AudioPort { get; }

    /// <summary>The address audio is sent to, the stream's own before the session's; empty when none is written.</summary>
    public ReadOnlySpan<byte> ConnectionAddress { get; }

    /// <summary>Which way audio flows, seen from whoever wrote the description.</summary>
    public SdpDirection Direction { get; }

    /// <summary>The formats of the first audio stream as listed.</summary>
    public ReadOnlySpan<byte> AudioFormats { get; }

    /// <summary>Whether its writer has put us on hold: it does not want to hear us (RFC 3264 §8.4), also in the old way of address 0.0.0.0.</summary>
    public bool IsHold =>
        AudioPort > 0 && (Direction is SdpDirection.SendOnly or SdpDirection.Inactive || ConnectionAddress.SequenceEqual("0.0.0.0"u8));

    /// <summary>Reads a description; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> description, out SdpView view)
    {
        view = default;
        ReadOnlySpan<byte> origin = default;
        ReadOnlySpan<byte> sessionAddress = default;
        ReadOnlySpan<byte> audioAddress = default;
        ReadOnlySpan<byte> formats = default;
        var direction = SdpDirection.SendRecv;
        var audioPort = -1;
        var inSession = true;
        var inAudio = false;
        var lines = new SdpLine(description);
        if (!lines.MoveNext() || lines.Type != (byte)'v' || !lines.Value.SequenceEqual("0"u8))
            return false;
        while (lines.MoveNext())
        {
            switch (lines.Type)
            {
                case (byte)'o' when inSession:
                    origin = lines.Value;
                    break;
                case (byte)'c' when inSession:
                    sessionAddress = AddressOf(lines.Value);
                    break;
                case (byte)'c' when inAudio:
                    audioAddress = AddressOf(lines.Value);
                    break;
                case (byte)'a' when inSession || inAudio:
                    if (DirectionOf(lines.Value) is { } found)
                        direction = found;
                    break;
                case (byte)'m':
                    inSession = false;
                    inAudio = audioPort < 0 && SdpMedia.TryParse(lines.Value, out var media) && media.IsAudio;
                    if (inAudio)
                    {
                        SdpMedia.TryParse(lines.Value, out media);
                        audioPort = media.Port;
                        formats = media.Formats;
                    }
                    break;
            }
        }
        view = new SdpView(origin, audioPort, audioAddress.IsEmpty ? sessionAddress : audioAddress, direction, formats);
        return true;
    }

    private static ReadOnlySpan<byte> AddressOf(ReadOnlySpan<byte> connection)
    {
        SdpLine.TakeWord(ref connection);
        SdpLine.TakeWord(ref connection);
        var address = SdpLine.TakeWord(ref connection);
        // A multicast address may carry a time to live.
        var slash = address.IndexOf((byte)'/');
        return slash < 0 ? address : address[..slash];
    }

    /// <summary>The direction that an attribute says; null when it is another one.</summary>
    public static SdpDirection? DirectionOf(ReadOnlySpan<byte> attribute)
    {
        if (attribute.SequenceEqual("sendrecv"u8))
            return SdpDirection.SendRecv;
        if (attribute.SequenceEqual("sendonly"u8))
            return SdpDirection.SendOnly;
        if (attribute.SequenceEqual("recvonly"u8))
            return SdpDirection.RecvOnly;
        return attribute.SequenceEqual("inactive"u8) ? SdpDirection.Inactive : null;
    }
}
