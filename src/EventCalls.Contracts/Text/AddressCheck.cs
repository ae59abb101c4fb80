namespace EventCalls.Contracts;

/// <summary>Reads addresses that may hold a user and a password, and finds a password whose characters cut the address short.</summary>
public static class AddressCheck
{
    /// <summary>What is wrong with an address, as the beginning of a sentence; null when it can be used. What it says never holds the password.</summary>
    /// <param name="text">The address.</param>
    /// <param name="uri">The address that was read; null when it cannot be used.</param>
    /// <param name="schemes">The schemes it may have.</param>
    public static string? Problem(string text, out Uri? uri, params ReadOnlySpan<string> schemes)
    {
        ArgumentNullException.ThrowIfNull(text);
        uri = null;
        int begin = text.IndexOf("://", StringComparison.Ordinal);
        if (begin > 0 && IsUnescaped(text[(begin + 3)..]))
            return "the user or the password holds a character that has to be escaped: write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25; ";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var read) || !schemes.Contains(read.Scheme) || read.Host.Length == 0)
            return "";
        uri = read;
        return null;
    }

    /// <summary>The address without its user and password; as a whole it is hidden when it cannot be said where they end.</summary>
    public static string WithoutPassword(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int at = address.LastIndexOf('@');
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (at < 0)
            return address;
        return scheme > 0 && scheme + 3 < at && !IsUnescaped(address[(scheme + 3)..]) ? $"{address[..(scheme + 3)]}…{address[at..]}" : "…";
    }

    // Everything before the last @ is meant to be user:password; what ends an authority, or another @ or :, does not stand in it.
    private static bool IsUnescaped(string rest)
    {
        int at = rest.LastIndexOf('@');
        if (at < 0)
            return false;
        var user = rest.AsSpan(0, at);
        if (user.ContainsAny("/?#@[] ") || user.Count(':') > 1)
            return true;
        for (int i = user.IndexOf('%'); i >= 0 && i < user.Length; i++)
        {
            if (user[i] == '%' && !(i + 2 < user.Length && char.IsAsciiHexDigit(user[i + 1]) && char.IsAsciiHexDigit(user[i + 2])))
                return true;
        }
        return false;
    }
}
