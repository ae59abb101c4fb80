namespace EventCalls.Sip.Messages;

/// <summary>Reads <c>;name=value</c> parameters, with white space and quoted values (RFC 3261 §7.3.1).</summary>
public static class ParameterText
{
    /// <summary>Finds a parameter by name, in any case; a parameter without value gives an empty value, a quoted value comes without its quotes.</summary>
    public static bool TryGet(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (TryNext(ref parameters, out var key, out value))
        {
            if (key.Length == name.Length && SipText.EqualsIgnoreCase(key, name))
                return true;
        }
        value = default;
        return false;
    }

    /// <summary>Takes the next parameter off the text; empty ones are skipped.</summary>
    internal static bool TryNext(scoped ref ReadOnlySpan<byte> parameters, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!parameters.IsEmpty)
        {
            var end = EndOfParameter(parameters);
            var parameter = SipText.Trim(parameters[..end]);
            parameters = end < parameters.Length ? parameters[(end + 1)..] : default;
            if (parameter.IsEmpty)
                continue;
            var equals = parameter.IndexOf((byte)'=');
            if (equals < 0)
            {
                name = parameter;
                value = default;
                return true;
            }
            name = SipText.TrimEnd(parameter[..equals]);
            value = Unquote(SipText.TrimStart(parameter[(equals + 1)..]));
            return true;
        }
        name = value = default;
        return false;
    }

    private static int EndOfParameter(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length;)
        {
            var found = text[i..].IndexOfAny((byte)';', (byte)'"');
            if (found < 0)
                return text.Length;
            i += found;
            if (text[i] == (byte)';')
                return i;
            i = SipText.EndOfQuoted(text, i);
            if (i < 0)
                return text.Length;
        }
        return text.Length;
    }

    internal static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> value) =>
        value.Length >= 2 && value[0] == (byte)'"' && value[^1] == (byte)'"' ? value[1..^1] : value;
}
