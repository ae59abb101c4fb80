using System.Buffers;
using System.Text;

namespace EventCalls.Sip.Messages;

/// <summary>SIP text as strings, and the checks on text that shall be sent.</summary>
public static class SipText
{
    private const string TokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~";

    internal static readonly SearchValues<byte> TokenBytes = SearchValues.Create(Encoding.ASCII.GetBytes(TokenCharacters));

    private static readonly SearchValues<char> TokenChars = SearchValues.Create(TokenCharacters);
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("\r\n\0");

    /// <summary>The text of UTF-8 bytes; invalid bytes become U+FFFD.</summary>
    public static string Get(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);

    /// <summary>The text of a header value with every line fold replaced by one space (RFC 3261 §7.3.1).</summary>
    public static string Unfold(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny((byte)'\r', (byte)'\n') < 0)
            return Get(value);
        var rented = ArrayPool<byte>.Shared.Rent(value.Length);
        var text = Get(rented.AsSpan(0, Unfold(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <summary>Whether both are the same ASCII text, upper and lower case alike.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(one, other);

    /// <summary>Whether the value can be sent in a header field: it has no CR, LF or NUL.</summary>
    public static bool IsSafeHeaderValue(string value) => value.AsSpan().IndexOfAny(Unsafe) < 0;

    /// <summary>Whether the text is a token (RFC 3261 §25.1), which a method or a header name must be.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(TokenChars) < 0;

    /// <summary>Whether the bytes are a token (RFC 3261 §25.1).</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && text.IndexOfAnyExcept(TokenBytes) < 0;

    /// <summary>Writes the value with every line fold as one space; <paramref name="target"/> holds at least as many bytes.</summary>
    internal static int Unfold(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is not ((byte)'\r' or (byte)'\n'))
            {
                target[written++] = value[i];
                continue;
            }
            while (written > 0 && target[written - 1] is (byte)' ' or (byte)'\t')
                written--;
            while (i + 1 < value.Length && IsSpace(value[i + 1]))
                i++;
            target[written++] = (byte)' ';
        }
        return written;
    }

    /// <summary>Linear white space, including the line ends of a fold.</summary>
    internal static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    internal static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    internal static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>Reads a decimal number without sign, at most <paramref name="most"/>; leading zeros are allowed.</summary>
    internal static bool TryDecimal(ReadOnlySpan<byte> digits, long most, out long number)
    {
        number = 0;
        if (digits.IsEmpty)
            return false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = number * 10 + (digit - '0');
            if (number > most)
                return false;
        }
        return true;
    }

    /// <summary>The index after the closing quote of the quoted string that begins at <paramref name="start"/>, or -1 if it is not closed.</summary>
    internal static int EndOfQuoted(ReadOnlySpan<byte> text, int start)
    {
        for (var i = start + 1; i < text.Length;)
        {
            var found = text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return -1;
            i += found;
            if (text[i] == (byte)'"')
                return i + 1;
            i += 2;
        }
        return -1;
    }
}
