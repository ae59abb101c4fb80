using System.Buffers;

namespace EventCalls.Host.Commands;

/// <summary>Texts that came from outside, made safe to show: what SIP peers sent must not steer a terminal.</summary>
internal static class PlainText
{
    // Control characters, and the marks that turn the direction of writing.
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x061C).Concat(Enumerable.Range(0x200E, 2))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    /// <summary>The text with each character that a terminal would act on replaced.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(s_unsafe)
        ? string.Create(text.Length, text, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = s_unsafe.Contains(from[i]) ? '\uFFFD' : from[i];
        })
        : text;

    /// <summary>The text in lines of at most <paramref name="width"/> characters, broken at spaces where there are some; lines after the first are indented.</summary>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        var rest = text.AsMemory();
        int room = width;
        string before = "";
        while (rest.Length > room)
        {
            int end = End(rest.Span, room);
            yield return before + rest[..end].Span.TrimEnd().ToString();
            rest = rest[end..].TrimStart();
            before = new string(' ', indent);
            room = width - indent;
        }
        yield return before + rest;
    }

    /// <summary>The text, cut to <paramref name="width"/> characters with an ellipsis when it is longer.</summary>
    public static string Cut(string text, int width) =>
        text.Length <= width ? text : string.Concat(text.AsSpan(0, Whole(text, width - 1)), "…");

    // At a space; in a long word, such as a URI, behind a mark that separates its parts; else anywhere.
    private static int End(ReadOnlySpan<char> text, int room)
    {
        int space = text[..(room + 1)].LastIndexOf(' ');
        if (space > room / 3)
            return space;
        int mark = text[..room].LastIndexOfAny(";@,/&?") + 1;
        return mark > room / 3 ? mark : Whole(text, room);
    }

    // A pair of surrogates stays together.
    private static int Whole(ReadOnlySpan<char> text, int end) => end > 1 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
}
