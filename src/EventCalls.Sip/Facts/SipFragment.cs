using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>The status line in a message/sipfrag body (RFC 3420, RFC 3515 §2.4.5).</summary>
public static class SipFragment
{
    /// <summary>The fragment in a NOTIFY: its body, or of several parts the one that is a fragment.</summary>
    public static ReadOnlySpan<byte> Of(SipMessage notify) =>
        BodyPart.IsMultipart(notify) ? BodyPart.Find(notify, "message/sipfrag"u8) : notify.Body;

    /// <summary>The status, 100–699; null when the body does not begin with a status line.</summary>
    public static int? StatusOf(ReadOnlySpan<byte> body)
    {
        var line = body.TrimStart("\r\n \t"u8);
        int end = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (end >= 0)
            line = line[..end];
        if (line.Length < 11 || !SipText.EqualsIgnoreCase(line[..8], "SIP/2.0 "u8))
            return null;
        var digits = line[8..].TrimStart((byte)' ');
        if (digits.Length < 3 || (digits.Length > 3 && digits[3] != (byte)' '))
            return null;
        int status = 0;
        foreach (byte digit in digits[..3])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return null;
            status = (10 * status) + (digit - '0');
        }
        return status is >= 100 and <= 699 ? status : null;
    }
}
