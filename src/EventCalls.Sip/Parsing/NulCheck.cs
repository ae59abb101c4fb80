using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>Where a NUL may stand: behind a backslash (RFC 3261 §25.1 quoted-pair), and in no content type, which is written again.</summary>
internal static class NulCheck
{
    internal static SipParseError Of(SipMessage message)
    {
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message[i];
            if (!field.Value.Contains((byte)0))
                continue;
            if (field.Id == HeaderId.ContentType)
                return SipParseError.BadContentType;
            if (IsBare(field.Value))
                return SipParseError.BadHeader;
        }
        return SipParseError.None;
    }

    private static bool IsBare(ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == 0)
                return true;
            if (value[i] == (byte)'\\')
                i++;
        }
        return false;
    }
}
