using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>Finds what a media description says about its formats: rtpmap and fmtp lines (RFC 8866 §6.6, §6.15).</summary>
public readonly ref struct FormatMap
{
    private readonly ReadOnlySpan<byte> _section;

    /// <summary>Looks at the lines after an m-line, up to the next one.</summary>
    public FormatMap(ReadOnlySpan<byte> section) => _section = section;

    /// <summary>The encoding of a format, such as <c>PCMU/8000</c>; empty when it is not mapped.</summary>
    public ReadOnlySpan<byte> EncodingOf(ReadOnlySpan<byte> format) => Find("rtpmap:"u8, format);

    /// <summary>The parameters of a format; empty when there are none.</summary>
    public ReadOnlySpan<byte> ParametersOf(ReadOnlySpan<byte> format) => Find("fmtp:"u8, format);

    private ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> format)
    {
        var lines = new SdpLine(_section);
        while (lines.MoveNext())
        {
            if (lines.Type != (byte)'a' || !lines.Value.StartsWith(attribute))
                continue;
            var rest = lines.Value[attribute.Length..];
            if (SdpLine.TakeWord(ref rest).SequenceEqual(format))
                return SipText.Trim(rest);
        }
        return default;
    }
}
