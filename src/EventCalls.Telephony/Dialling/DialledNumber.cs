using System.Buffers;
using System.Text;
using EventCalls.Sip.Facts;

namespace EventCalls.Telephony.Dialling;

/// <summary>A number that is dialled, with the parameters of its tel URI: what becomes the user part of a sip URI (RFC 3261 §19.1.6).</summary>
/// <param name="Number">Digits, <c>*</c>, <c>#</c>, perhaps a leading plus.</param>
/// <param name="Parameters">The tel URI's parameters as written, each with its semicolon; empty for none.</param>
internal readonly record struct DialledNumber(string Number, string Parameters)
{
    private const int MostBytes = 1024;

    // What names and values of tel parameters are written with (RFC 3966 §3), the separators and escapes among them.
    private static readonly SearchValues<char> s_parameterChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()[]/:&+$%;=");

    private static readonly SearchValues<char> s_nameChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The user part: number and parameters, escaped where the grammar asks for it.</summary>
    public string User => Parameters.Length == 0 ? TargetAddress.AsUser(Number) : $"{TargetAddress.AsUser(Number)}{TargetAddress.AsUserParameters(Parameters)}";

    /// <summary>Whether the user part is a telephone number with parameters, which <c>user=phone</c> must say.</summary>
    public bool NeedsUserPhone => Parameters.Length > 0;

    /// <summary>Reads a number as people write it, or a tel URI; false for anything else.</summary>
    public static bool TryParse(string text, out DialledNumber dialled)
    {
        dialled = default;
        int scheme = text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        int end = scheme == 0 ? -1 : text.IndexOf(';');
        var number = end < 0 ? text.AsSpan(scheme) : text.AsSpan(scheme, end - scheme);
        string parameters = end < 0 ? "" : text[end..];
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (!Encoding.UTF8.TryGetBytes(number, bytes, out int length) || length == 0 || !Numbers.IsDialString(bytes[..length]) || !AreParameters(parameters))
            return false;
        var plain = new StringBuilder(length);
        foreach (char c in number)
        {
            if (char.IsAsciiDigit(c) || c is '+' or '*' or '#')
                plain.Append(c);
        }
        dialled = new DialledNumber(plain.ToString(), parameters);
        return true;
    }

    private static bool AreParameters(string text)
    {
        if (text.Length > MostBytes || text.AsSpan().IndexOfAnyExcept(s_parameterChars) >= 0)
            return false;
        foreach (var range in text.AsSpan().Split(';'))
        {
            var parameter = text.AsSpan()[range];
            int equals = parameter.IndexOf('=');
            var name = equals < 0 ? parameter : parameter[..equals];
            // Before the first semicolon nothing stands.
            if (range.Start.Value > 0 && (name.IsEmpty || name.IndexOfAnyExcept(s_nameChars) >= 0))
                return false;
        }
        return true;
    }
}
