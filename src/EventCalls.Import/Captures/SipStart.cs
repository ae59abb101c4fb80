namespace EventCalls.Import.Captures;

/// <summary>Tells SIP by what it looks like, on any port: a request line that ends with the version, or a status line that begins with it.</summary>
internal static class SipStart
{
    private const int MostLine = 8_192;
    private const int MostMethod = 32;

    /// <summary>Whether the bytes begin like a SIP message.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("SIP/2.0 "u8))
            return bytes.Length >= 11 && char.IsAsciiDigit((char)bytes[8]) && char.IsAsciiDigit((char)bytes[9]) && char.IsAsciiDigit((char)bytes[10]);
        if (bytes.IsEmpty || !char.IsAsciiLetterUpper((char)bytes[0]))
            return false;
        int method = bytes[..Math.Min(bytes.Length, MostMethod)].IndexOf((byte)' ');
        if (method < 0 || bytes[..method].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') >= 0)
            return false;
        var line = bytes[(method + 1)..Math.Min(bytes.Length, MostLine)];
        int end = line.IndexOf((byte)'\n');
        return end >= 0 && line[..end].TrimEnd("\r "u8).EndsWith(" SIP/2.0"u8);
    }

    /// <summary>Whether the bytes, of which the end is missing, may be the beginning of a SIP message: a method and a URI.</summary>
    public static bool IsBegun(ReadOnlySpan<byte> bytes)
    {
        if (Is(bytes))
            return true;
        int method = bytes[..Math.Min(bytes.Length, MostMethod)].IndexOf((byte)' ');
        if (method <= 0 || bytes[..method].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') >= 0)
            return false;
        var uri = bytes[(method + 1)..];
        return uri.StartsWith("sip:"u8) || uri.StartsWith("sips:"u8) || uri.StartsWith("tel:"u8);
    }

    /// <summary>Where the first line that begins like a SIP message is; -1 when there is none.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            if (Is(bytes[at..]))
                return at;
            int end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
                return -1;
            at += end + 1;
        }
        return -1;
    }
}
