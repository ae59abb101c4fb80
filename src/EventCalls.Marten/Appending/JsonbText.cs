namespace EventCalls.Marten.Appending;

/// <summary>Makes JSON fit for a jsonb column.</summary>
internal static class JsonbText
{
    private static ReadOnlySpan<byte> EscapedNul => "\\u0000"u8;

    private static ReadOnlySpan<byte> EscapedReplacement => "\\ufffd"u8;

    /// <summary>The JSON with NUL characters in its strings replaced by U+FFFD: jsonb takes everything but those. Without any it is the same memory.</summary>
    public static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf(EscapedNul) < 0)
            return json;
        var copy = json.ToArray();
        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] != '\\')
                continue;
            if (copy.AsSpan(i).StartsWith(EscapedNul))
                EscapedReplacement.CopyTo(copy.AsSpan(i));

            // Over the escaped character too: the second of two backslashes begins no escape.
            i++;
        }
        return copy;
    }
}
