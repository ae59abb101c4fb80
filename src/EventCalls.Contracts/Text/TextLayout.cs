namespace EventCalls.Contracts;

/// <summary>Lays texts out for a screen.</summary>
public static class TextLayout
{
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
