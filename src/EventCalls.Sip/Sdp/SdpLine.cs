using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>Reads a description line by line; LF-only line ends are tolerated (RFC 8866 §5).</summary>
internal ref struct SdpLine
{
    private ReadOnlySpan<byte> _rest;

    internal SdpLine(ReadOnlySpan<byte> description) => _rest = description;

    /// <summary>The letter before the equals sign.</summary>
    internal byte Type { get; private set; }

    /// <summary>What follows it.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next line; lines that are not <c>x=…</c> are passed over.</summary>
    internal bool MoveNext()
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
    internal static ReadOnlySpan<byte> TakeWord(scoped ref ReadOnlySpan<byte> text)
    {
        text = SipText.TrimStart(text);
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..];
        return word;
    }
}
