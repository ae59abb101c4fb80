using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>Reads a description line by line; LF-only line ends are tolerated (RFC 8866 §5).</summary>
public ref struct SdpLine
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Looks at a description, or a part of one, from its first line on.</summary>
    public SdpLine(ReadOnlySpan<byte> description) => _rest = description;

    /// <summary>The letter before the equals sign.</summary>
    public byte Type { get; private set; }

    /// <summary>What follows it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next line; lines that are not <c>x=…</c> are passed over.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var end = _rest.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (line.Length < 2 || line[1] != (byte)'=')
                continue;
            Type = line[0];
            Value = SipText.TrimEnd(line[2..]);
            return true;
        }
        return false;
    }

    /// <summary>Takes the text before the next space off a value.</summary>
    public static ReadOnlySpan<byte> TakeWord(scoped ref ReadOnlySpan<byte> text)
    {
        text = SipText.TrimStart(text);
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..];
        return word;
    }
}
