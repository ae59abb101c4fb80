namespace EventCalls.Replay.Reports.Counting;

/// <summary>Texts that come from SIP peers or from logic, made fit to be kept.</summary>
internal static class ForeignText
{
    /// <summary>The longest text that is kept in memory, characters.</summary>
    public const int MostKept = 256;

    /// <summary>The text, cut to <paramref name="most"/> characters with an ellipsis when it is longer.</summary>
    public static string Cut(string text, int most = MostKept)
    {
        if (text.Length <= most)
            return text;
        int end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
