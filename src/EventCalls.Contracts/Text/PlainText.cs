using System.Buffers;
using System.Globalization;
using System.Text;

namespace EventCalls.Contracts;

/// <summary>Texts that came from outside, made safe to show: what SIP peers sent must not steer a terminal, forge a line of a log, or turn the direction of writing.</summary>
public static class PlainText
{
    private const char Replacement = '\uFFFD';

    // Control characters, the marks that turn the direction of writing, and the separators that some programs take for line ends.
    private static readonly SearchValues<char> s_unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x061C).Concat(Enumerable.Range(0x200E, 2))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    // What lays out a text of several lines, and JSON between its values, is not from outside.
    private static readonly SearchValues<char> s_unsafeInLines = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except([0x09, 0x0A, 0x0D]).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x061C).Concat(Enumerable.Range(0x200E, 2))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    /// <summary>The text of one line, with U+FFFD for each character that something would act on.</summary>
    public static string Of(string text) => Of(text, s_unsafe);

    /// <summary>The text of several lines: line feeds, carriage returns and tabs stay, everything else that something would act on is replaced by U+FFFD.</summary>
    public static string OfLines(string text) => Of(text, s_unsafeInLines);

    /// <summary>Whether the text of several lines has a character that something would act on.</summary>
    public static bool HasUnsafe(ReadOnlySpan<char> text) => text.ContainsAny(s_unsafeInLines);

    /// <summary>JSON with escapes for the characters that JSON allows in a text and that something would act on; it means the same.</summary>
    public static string OfJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        int next = json.AsSpan().IndexOfAny(s_unsafeInLines);
        if (next < 0)
            return json;
        var escaped = new StringBuilder(json.Length + 64);
        int done = 0;
        while (next >= 0)
        {
            // They stand in texts only: between values there is nothing but blanks and line ends.
            escaped.Append(json, done, next).Append(CultureInfo.InvariantCulture, $"\\u{(int)json[done + next]:X4}");
            done += next + 1;
            next = json.AsSpan(done).IndexOfAny(s_unsafeInLines);
        }
        return escaped.Append(json, done, json.Length - done).ToString();
    }

    private static string Of(string text, SearchValues<char> characters)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(characters)
            ? string.Create(text.Length, (text, characters), static (span, from) =>
            {
                for (int i = 0; i < span.Length; i++)
                    span[i] = from.characters.Contains(from.text[i]) ? Replacement : from.text[i];
            })
            : text;
    }
}
