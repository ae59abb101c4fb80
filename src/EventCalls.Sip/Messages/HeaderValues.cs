namespace EventCalls.Sip.Messages;

/// <summary>
/// All values of one header field in order: over repeated fields, and over the comma-separated elements of fields that are lists.
/// Commas in quotes and angle brackets do not separate; empty elements are left out.
/// </summary>
public ref struct HeaderValues
{
    private readonly SipMessage _message;
    private readonly HeaderId _id;
    private readonly bool _isList;
    private int _next;
    private ReadOnlySpan<byte> _rest;

    internal HeaderValues(SipMessage message, HeaderId id)
    {
        _message = message;
        _id = id;
        _isList = HeaderKinds.IsList(id);
        _next = message.FirstIndexOf(id);
        if (_next < 0)
            _next = message.HeaderCount;
    }

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly HeaderValues GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (!_rest.IsEmpty)
            {
                Current = TakeElement(ref _rest);
                if (!Current.IsEmpty)
                    return true;
                continue;
            }
            while (_next < _message.HeaderCount && _message.IdAt(_next) != _id)
                _next++;
            if (_next >= _message.HeaderCount)
                return false;
            var value = _message[_next++].Value;
            if (_isList)
            {
                _rest = value;
                continue;
            }
            Current = value;
            return true;
        }
    }

    /// <summary>Takes the element before the first separating comma off the text.</summary>
    internal static ReadOnlySpan<byte> TakeElement(scoped ref ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length;)
        {
            var found = text[i..].IndexOfAny((byte)',', (byte)'"', (byte)'<');
            if (found < 0)
                break;
            i += found;
            if (text[i] == (byte)',')
            {
                var element = SipText.Trim(text[..i]);
                text = text[(i + 1)..];
                return element;
            }
            if (text[i] == (byte)'"')
            {
                i = SipText.EndOfQuoted(text, i);
            }
            else
            {
                var close = text[i..].IndexOf((byte)'>');
                i = close < 0 ? -1 : i + close + 1;
            }
            if (i < 0)
                break;
        }
        var last = SipText.Trim(text);
        text = default;
        return last;
    }
}
