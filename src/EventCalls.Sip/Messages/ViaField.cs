namespace EventCalls.Sip.Messages;

/// <summary>One value of Via (RFC 3261 §20.42); the spans lie in the parsed text.</summary>
public readonly ref struct ViaField
{
    private ViaField(bool isVersion2, ReadOnlySpan<byte> transport, ReadOnlySpan<byte> sentBy, ReadOnlySpan<byte> host, int port, bool isIPv6, ReadOnlySpan<byte> parameters)
    {
        IsVersion2 = isVersion2;
        Transport = transport;
        SentBy = sentBy;
        Host = host;
        Port = port;
        IsIPv6 = isIPv6;
        Parameters = parameters;
    }

    /// <summary>Whether the protocol is SIP/2.0.</summary>
    public bool IsVersion2 { get; }

    /// <summary>The transport as written, such as <c>UDP</c>.</summary>
    public ReadOnlySpan<byte> Transport { get; }

    /// <summary>Host and port as written.</summary>
    public ReadOnlySpan<byte> SentBy { get; }

    /// <summary>The host, an IPv6 address without its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>Whether the host was an IPv6 address in brackets.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The port, or -1 when none is written.</summary>
    public int Port { get; }

    /// <summary>The parameters without the first semicolon.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>The branch parameter; empty when there is none, as RFC 2543 clients do.</summary>
    public ReadOnlySpan<byte> Branch => TryGetParameter("branch"u8, out var branch) ? branch : default;

    /// <summary>Finds a parameter by name, in any case; one without value (<c>rport</c>) gives an empty value.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => ParameterText.TryGet(Parameters, name, out value);

    /// <summary>Takes one Via value apart, with white space wherever the grammar allows it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ViaField via)
    {
        via = default;
        text = SipText.Trim(text);
        if (!TryProtocol(text, out var rest, out var isVersion2))
            return false;
        var end = rest.IndexOfAnyExcept(SipText.TokenBytes);
        if (end <= 0 || !SipText.IsSpace(rest[end]))
            return false;
        var transport = rest[..end];
        rest = SipText.TrimStart(rest[end..]);
        var semicolon = rest.IndexOf((byte)';');
        var sentBy = semicolon < 0 ? rest : SipText.TrimEnd(rest[..semicolon]);
        if (!HostPort.TryParse(sentBy, out var host, out var port, out var isIPv6))
            return false;
        via = new ViaField(isVersion2, transport, sentBy, host, port, isIPv6, semicolon < 0 ? default : rest[(semicolon + 1)..]);
        return true;
    }

    /// <summary>Passes over <c>SIP/2.0/</c>; another version is told apart, so that it can still be answered 505.</summary>
    private static bool TryProtocol(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest, out bool isVersion2)
    {
        isVersion2 = true;
        if (text.StartsWith("SIP/2.0/"u8))
        {
            rest = SipText.TrimStart(text["SIP/2.0/"u8.Length..]);
            return !rest.IsEmpty;
        }
        rest = text;
        if (!Take(ref rest, "SIP"u8) || !Take(ref rest, "/"u8))
            return false;
        var end = rest.IndexOfAnyExcept(SipText.TokenBytes);
        if (end <= 0)
            return false;
        isVersion2 = rest[..end].SequenceEqual("2.0"u8);
        rest = SipText.TrimStart(rest[end..]);
        return Take(ref rest, "/"u8) && !rest.IsEmpty;
    }

    private static bool Take(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (rest.Length < expected.Length || !SipText.EqualsIgnoreCase(rest[..expected.Length], expected))
            return false;
        rest = SipText.TrimStart(rest[expected.Length..]);
        return true;
    }
}
