using System.Buffers;
using System.Text;

namespace EventCalls.Sip.Messages;

/// <summary>
/// Writes one message after another into one reusable buffer. What was written is valid until <see cref="Reset"/> or the next write.
/// No header overload lets a line end through: strings with CR, LF or NUL throw, received values are unfolded.
/// </summary>
public sealed class SipWriter
{
    private static readonly SearchValues<char> UnsafeInLine = SearchValues.Create("\r\n\0");
    private static readonly SearchValues<char> UnsafeInUri = SearchValues.Create("\r\n\0\t <>\"");
    private static readonly SearchValues<byte> UnsafeInUriBytes = SearchValues.Create("\r\n\0\t <>\""u8);

    private byte[] _buffer;
    private int _length;

    /// <summary>A writer whose buffer grows as needed from <paramref name="capacity"/> bytes.</summary>
    public SipWriter(int capacity = 2048) => _buffer = new byte[capacity];

    /// <summary>What has been written since <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What has been written since <see cref="Reset"/>, in the writer's own buffer.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Begins a new message in the same buffer.</summary>
    public void Reset() => _length = 0;

    /// <summary>Writes the request line.</summary>
    /// <exception cref="ArgumentException">The method is no token, or the URI holds white space, brackets, quotes or line ends.</exception>
    public void Request(ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri)
    {
        if (!SipText.IsToken(method))
            throw new ArgumentException("The method is not a token.", nameof(method));
        if (uri.IsEmpty || uri.IndexOfAny(UnsafeInUriBytes) >= 0)
            throw new ArgumentException("The request URI is empty or holds white space, brackets, quotes or line ends.", nameof(uri));
        var target = Take(method.Length + uri.Length + 11);
        method.CopyTo(target);
        target[method.Length] = (byte)' ';
        uri.CopyTo(target[(method.Length + 1)..]);
        " SIP/2.0\r\n"u8.CopyTo(target[(method.Length + 1 + uri.Length)..]);
    }

    /// <summary>Writes the request line.</summary>
    /// <exception cref="ArgumentException">The method has no name, or the URI holds white space, brackets, quotes or line ends.</exception>
    public void Request(SipMethod method, string uri)
    {
        if (method == SipMethod.Other)
            throw new ArgumentException("The method has no name; give the name itself.", nameof(method));
        if (uri.Length == 0 || uri.AsSpan().IndexOfAny(UnsafeInUri) >= 0)
            throw new ArgumentException("The request URI is empty or holds white space, brackets, quotes or line ends.", nameof(uri));
        Raw(SipMethods.Name(method));
        Raw(" "u8);
        Raw(uri);
        Raw(" SIP/2.0\r\n"u8);
    }

    /// <summary>Writes the status line; without reason the registered phrase.</summary>
    /// <exception cref="ArgumentException">The reason holds CR, LF or NUL, or the status is not 100 to 699.</exception>
    public void Response(int status, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        reason ??= ReasonPhrases.Of(status);
        if (reason.AsSpan().IndexOfAny(UnsafeInLine) >= 0)
            throw new ArgumentException("The reason phrase holds CR, LF or NUL.", nameof(reason));
        var target = Take(12);
        "SIP/2.0 "u8.CopyTo(target);
        target[8] = (byte)('0' + status / 100);
        target[9] = (byte)('0' + status / 10 % 10);
        target[10] = (byte)('0' + status % 10);
        target[11] = (byte)' ';
        Raw(reason);
        Crlf();
    }

    /// <summary>Writes a header field with a value that was received or is known to be good; line folds become spaces.</summary>
    public void Header(HeaderId id, ReadOnlySpan<byte> value)
    {
        var name = NameOf(id);
        var target = Take(name.Length + value.Length + 4);
        name.CopyTo(target);
        target[name.Length] = (byte)':';
        target[name.Length + 1] = (byte)' ';
        var rest = target[(name.Length + 2)..];
        var written = value.Length;
        if (value.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            value.CopyTo(rest);
        }
        else
        {
            written = SipText.Unfold(value, rest);
            _length -= value.Length - written;
        }
        rest[written] = (byte)'\r';
        rest[written + 1] = (byte)'\n';
    }

    /// <summary>Writes a header field.</summary>
    /// <exception cref="ArgumentException">The value holds CR, LF or NUL.</exception>
    public void Header(HeaderId id, string value)
    {
        if (value.AsSpan().IndexOfAny(UnsafeInLine) >= 0)
            throw Unsafe(SipText.Get(NameOf(id)));
        Field(NameOf(id), value);
    }

    /// <summary>Writes a header field.</summary>
    /// <exception cref="ArgumentException">The name is no token, or the value holds CR, LF or NUL.</exception>
    public void Header(string name, string value)
    {
        if (!SipText.IsToken(name))
            throw new ArgumentException($"'{name}' is not a header name; use letters, digits and -.!%*_+`'~ only.", nameof(name));
        if (value.AsSpan().IndexOfAny(UnsafeInLine) >= 0)
            throw Unsafe(name);
        Raw(name);
        Field(default, value);
    }

    /// <summary>Writes a header field with a number.</summary>
    public void Header(HeaderId id, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var written);
        Header(id, digits[..written]);
    }

    /// <summary>Writes bytes as they are; the caller answers for them.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes text as UTF-8 as it is; the caller answers for it.</summary>
    public void Raw(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    /// <summary>Writes a line end.</summary>
    public void Crlf() => Raw("\r\n"u8);

    /// <summary>Writes all fields of a kind that a received message has, in their order.</summary>
    public void CopyAll(SipMessage from, HeaderId id)
    {
        var index = from.FirstIndexOf(id);
        if (index < 0)
            return;
        for (; index < from.HeaderCount; index++)
        {
            if (from.IdAt(index) == id)
                Header(id, from[index].Value);
        }
    }

    /// <summary>Ends a message that has no body.</summary>
    public void NoBody() => Raw("Content-Length: 0\r\n\r\n"u8);

    /// <summary>Ends a message with a body; without a type there is no Content-Type.</summary>
    /// <exception cref="ArgumentException">The content type holds CR, LF or NUL.</exception>
    public void Body(string contentType, ReadOnlySpan<byte> body)
    {
        if (contentType.Length > 0)
            Header(HeaderId.ContentType, contentType);
        Header(HeaderId.ContentLength, body.Length);
        Crlf();
        Raw(body);
    }

    private void Field(ReadOnlySpan<byte> name, string value)
    {
        Reserve(name.Length + 4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var target = _buffer.AsSpan(_length);
        name.CopyTo(target);
        target[name.Length] = (byte)':';
        target[name.Length + 1] = (byte)' ';
        var end = name.Length + 2;
        end += Encoding.UTF8.GetBytes(value, target[end..]);
        target[end] = (byte)'\r';
        target[end + 1] = (byte)'\n';
        _length += end + 2;
    }

    private static ReadOnlySpan<byte> NameOf(HeaderId id) =>
        id == HeaderId.Other ? throw new ArgumentException("The header has no name; give the name itself.", nameof(id)) : HeaderNames.Canonical(id);

    private static ArgumentException Unsafe(string name) => new($"The value of the header '{name}' holds CR, LF or NUL.");

    private Span<byte> Take(int count)
    {
        Reserve(count);
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
    }
}
