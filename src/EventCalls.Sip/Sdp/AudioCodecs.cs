using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>The audio codecs of telephony: payload types with a fixed meaning, and names of dynamic ones (RFC 3551 §6).</summary>
internal static class AudioCodecs
{
    /// <summary>Whether the static payload type is a known codec.</summary>
    internal static bool IsStatic(int payloadType) => payloadType is 0 or 3 or 4 or 8 or 9 or 15 or 18;

    /// <summary>Whether the encoding name of an rtpmap is a known codec.</summary>
    internal static bool IsKnown(ReadOnlySpan<byte> encoding)
    {
        var slash = encoding.IndexOf((byte)'/');
        var name = slash < 0 ? encoding : encoding[..slash];
        return Is(name, "PCMU"u8) || Is(name, "PCMA"u8) || Is(name, "G722"u8) || Is(name, "G729"u8) || Is(name, "opus"u8) || Is(name, "GSM"u8)
            || Is(name, "iLBC"u8) || Is(name, "AMR"u8) || Is(name, "AMR-WB"u8) || Is(name, "EVS"u8) || Is(name, "G723"u8) || Is(name, "G728"u8)
            || Is(name, "G7221"u8) || Is(name, "speex"u8) || Is(name, "SILK"u8) || Is(name, "L16"u8);
    }

    /// <summary>Whether the encoding of an rtpmap is one that what callers hear is made in.</summary>
    internal static bool IsEncodedHere(ReadOnlySpan<byte> encoding) =>
        SipText.EqualsIgnoreCase(encoding, "PCMU/8000"u8) || SipText.EqualsIgnoreCase(encoding, "PCMA/8000"u8) || SipText.EqualsIgnoreCase(encoding, "opus/48000/2"u8);

    /// <summary>Whether the encoding name is that of DTMF events (RFC 4733).</summary>
    internal static bool IsTelephoneEvent(ReadOnlySpan<byte> encoding)
    {
        var slash = encoding.IndexOf((byte)'/');
        return Is(slash < 0 ? encoding : encoding[..slash], "telephone-event"u8);
    }

    private static bool Is(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.Length == other.Length && SipText.EqualsIgnoreCase(one, other);
}
