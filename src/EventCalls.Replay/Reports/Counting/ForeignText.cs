using System.Buffers;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Texts that come from SIP peers or from logic, made fit to be kept and shown.</summary>
internal static class ForeignText
{
    /// <summary>The longest text that is kept in memory, characters.</summary>
    public const int MostKept = 256;

    // Control characters, and the marks that turn the direction of writing: neither a page nor a cell needs them, and both can be misled by them.
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x061C).Concat(Enumerable.Range(0x200E, 2))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    /// <summary>The text, cut to <paramref name="most"/> characters with an ellipsis when it is longer.</summary>
    public static string Cut(string text, int most = MostKept)
    {
        if (text.Length <= most)
            return text;
        int end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <summary>The text with each character that a screen would act on replaced.</summary>
    public static string Shown(string text) => text.AsSpan().ContainsAny(s_unsafe)
        ? string.Create(text.Length, text, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = s_unsafe.Contains(from[i]) ? '\uFFFD' : from[i];
        })
        : text;
}
