using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>Copies what an INVITE said into what is recorded of it: every header field in order, credentials redacted.</summary>
public static class ReceivedHeaders
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Redacted = "redacted";

    private static readonly string[] s_names = BuildNames();

    /// <summary>All header fields in order, repeated ones repeated, unfolded, each made of its name and its value.</summary>
    /// <param name="message">The message.</param>
    /// <param name="make">Makes one.</param>
    /// <param name="secrets">The names of headers that are left out, as they hold secrets.</param>
    public static T[] Copy<T>(SipMessage message, Func<string, string, T> make, params ReadOnlySpan<byte[]> secrets)
    {
        var headers = new T[message.HeaderCount];
        int count = 0;
        for (int i = 0; i < headers.Length; i++)
        {
            var field = message[i];
            if (IsOneOf(field.Name, secrets))
                continue;
            string value = SipText.Unfold(field.Value);
            if (field.Id is HeaderId.Authorization or HeaderId.ProxyAuthorization)
                value = RedactCredentials(value);
            headers[count++] = make(NameOf(field), value);
        }
        return count == headers.Length ? headers : headers[..count];
    }

    /// <summary>The session description a message carries; null when it carries none. Keys in it (RFC 4568) are redacted.</summary>
    public static string? SessionDescription(SipMessage message)
    {
        if (message.Body.IsEmpty || !IsSessionDescription(message.ContentType))
            return null;
        string text = SipText.Get(message.Body);
        return text.Contains("a=crypto:", StringComparison.Ordinal) ? RedactKeys(text) : text;
    }

    /// <summary>Credentials with the values that prove or would let one prove something replaced; who, where and how stay readable.</summary>
    public static string RedactCredentials(string value)
    {
        int space = value.IndexOf(' ');
        if (space < 0)
            return Redacted;
        string scheme = value[..space];
        if (!scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase))
            return $"{scheme} {Redacted}";
        var text = new StringBuilder(value.Length).Append(scheme);
        char separator = ' ';
        for (int start = space + 1; start < value.Length;)
        {
            int end = EndOfParameter(value, start);
            var parameter = value.AsSpan(start, end - start).Trim();
            start = end + 1;
            if (parameter.IsEmpty)
                continue;
            text.Append(separator);
            separator = ',';
            int equals = parameter.IndexOf('=');
            var name = equals < 0 ? default : parameter[..equals].TrimEnd();
            // What is no name=value is a token of some other scheme; its padding may look like an empty value.
            if (equals < 0 || parameter[equals..].TrimStart('=').IsEmpty)
                text.Append(Redacted);
            else if (IsSecret(name))
                text.Append(name).Append("=\"").Append(Redacted).Append('"');
            else
                text.Append(parameter);
        }
        return text.ToString();
    }

    /// <summary>Whether a header of that name is left out.</summary>
    internal static bool IsSecret(string name, ReadOnlySpan<byte[]> secrets) => IsOneOf(Encoding.UTF8.GetBytes(name), secrets);

    /// <summary>The header as it is recorded.</summary>
    internal static HeaderLine Redact(HeaderLine header) =>
        HeaderNames.Of(Encoding.UTF8.GetBytes(header.Name)) is HeaderId.Authorization or HeaderId.ProxyAuthorization ? header with { Value = RedactCredentials(header.Value) } : header;

    private static bool IsOneOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte[]> names)
    {
        foreach (var one in names)
        {
            if (SipText.EqualsIgnoreCase(name, one))
                return true;
        }
        return false;
    }

    private static bool IsSecret(ReadOnlySpan<char> name) =>
        name.Equals("response", StringComparison.OrdinalIgnoreCase)
        || name.Equals("nonce", StringComparison.OrdinalIgnoreCase)
        || name.Equals("cnonce", StringComparison.OrdinalIgnoreCase);

    private static int EndOfParameter(string value, int start)
    {
        bool quoted = false;
        for (int i = start; i < value.Length; i++)
        {
            if (quoted && value[i] == '\\')
                i++;
            else if (value[i] == '"')
                quoted = !quoted;
            else if (value[i] == ',' && !quoted)
                return i;
        }
        return value.Length;
    }

    private static string RedactKeys(string description)
    {
        const string Inline = "inline:";
        var text = new StringBuilder(description.Length);
        int at = 0;
        while (description.IndexOf(Inline, at, StringComparison.Ordinal) is >= 0 and var found)
        {
            found += Inline.Length;
            text.Append(description, at, found - at).Append(Redacted);
            at = description.IndexOfAny(['|', ' ', ';', '\r', '\n'], found);
            if (at < 0)
                return text.ToString();
        }
        return text.Append(description, at, description.Length - at).ToString();
    }

    // A body of several parts is kept whole: the description is one of them.
    private static bool IsSessionDescription(ReadOnlySpan<byte> contentType) =>
        StartsWith(contentType, "application/sdp"u8) || StartsWith(contentType, "multipart/"u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && SipText.EqualsIgnoreCase(text[..start.Length], start);

    private static string NameOf(HeaderField field)
    {
        // Nearly every name is spelled as the standard spells it, and then the string is there already.
        return field.Id != HeaderId.Other && field.Name.SequenceEqual(HeaderNames.Canonical(field.Id))
            ? s_names[(int)field.Id]
            : SipText.Get(field.Name);
    }

    private static string[] BuildNames()
    {
        var names = new string[Enum.GetValues<HeaderId>().Length];
        for (int i = 0; i < names.Length; i++)
            names[i] = SipText.Get(HeaderNames.Canonical((HeaderId)i));
        return names;
    }
}
