using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>The response that a message/sipfrag body tells of: its status line and what header fields follow it (RFC 3420 §2, RFC 3515 §2.4.5).</summary>
/// <remarks>It lies in the message's buffer and is valid as long as that.</remarks>
public readonly ref struct SipFragment
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<byte> _fields;

    /// <param name="text">The body.</param>
    public SipFragment(ReadOnlySpan<byte> text)
    {
        Text = text;
        var begun = text.TrimStart("\r\n \t"u8);
        int end = begun.IndexOfAny((byte)'\r', (byte)'\n');
        _line = end < 0 ? begun : begun[..end];
        _fields = end < 0 ? [] : begun[end..];
        if (_line.Length < 11 || !SipText.EqualsIgnoreCase(_line[..8], "SIP/2.0 "u8))
            return;
        var rest = _line[8..].TrimStart((byte)' ');
        int space = rest.IndexOf((byte)' ');
        var digits = space < 0 ? rest : rest[..space];
        if (digits.Length == 3 && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && (100 * (digits[0] - '0')) + (10 * (digits[1] - '0')) + digits[2] - '0' is >= 100 and <= 699 and var status)
        {
            Status = status;
            Phrase = space < 0 ? [] : rest[(space + 1)..];
        }
    }

    /// <summary>The whole fragment.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>100–699; null when the fragment does not begin with a status line.</summary>
    public int? Status { get; }

    /// <summary>The reason phrase; empty when there is none.</summary>
    public ReadOnlySpan<byte> Phrase { get; }

    /// <summary>The fragment in a NOTIFY: its body, or of several parts the one that is a fragment.</summary>
    public static SipFragment Of(SipMessage notify) =>
        new(BodyPart.IsMultipart(notify) ? BodyPart.Find(notify, "message/sipfrag"u8) : notify.Body);

    /// <summary>All values of a header field of the response, comma-separated; null when the fragment has none, or no status line.</summary>
    public string? Field(HeaderId id)
    {
        string? text = null;
        var rest = Status is null ? [] : _fields;
        while (!rest.IsEmpty)
        {
            // Up to the line end that is not followed by a space: values are folded as in any message.
            int end = 0;
            do
            {
                int found = rest[end..].IndexOf((byte)'\n');
                end = found < 0 ? rest.Length : end + found + 1;
            }
            while (end < rest.Length && rest[end] is (byte)' ' or (byte)'\t');
            var line = rest[..end].Trim("\r\n"u8);
            rest = rest[end..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || HeaderNames.Of(line[..colon].TrimEnd(" \t"u8)) != id)
                continue;
            string value = SipText.Unfold(line[(colon + 1)..].Trim(" \t\r\n"u8));
            text = text is null ? value : $"{text}, {value}";
        }
        return text;
    }
}
