using System.Globalization;
using System.Text;

namespace EventCalls.Import.Csv;

/// <summary>How the times of a table are written: <c>dd.MM.yyyy HH:mm</c>, or as C and Python have it, <c>%d.%m.%Y %H:%M</c>.</summary>
/// <param name="Pattern">The platform's pattern, of the invariant culture.</param>
/// <param name="HasZone">Whether a time says its zone.</param>
public sealed record TimeFormat(string Pattern, bool HasZone)
{
    // What each letter of strftime stands for; those that a time cannot be read by are left out.
    private static readonly Dictionary<char, string> s_letters = new()
    {
        ['Y'] = "yyyy",
        ['y'] = "yy",
        ['m'] = "M",
        ['d'] = "d",
        ['e'] = "d",
        ['H'] = "H",
        ['I'] = "h",
        ['M'] = "m",
        ['S'] = "s",
        ['f'] = "FFFFFFF",
        ['p'] = "tt",
        ['z'] = "zzz",
        ['b'] = "MMM",
        ['B'] = "MMMM",
        ['a'] = "ddd",
        ['A'] = "dddd",
        ['F'] = "yyyy-M-d",
        ['T'] = "H:m:s",
        ['R'] = "H:m",
        ['D'] = "M/d/yy",
    };

    /// <summary>Reads a format; null when it lacks day, month, year, hour or minute, or cannot be used.</summary>
    public static TimeFormat? Parse(string text)
    {
        string? pattern = text.Contains('%') ? FromLetters(text) : text;
        if (pattern is null)
            return null;
        // Written and read back, a time must come out the same: so a pattern that leaves something out, or takes the month for the minute, is found.
        var probe = new DateTime(2031, 11, 28, 21, 10, 0);
        try
        {
            string written = probe.ToString(pattern, CultureInfo.InvariantCulture);
            string plain = Unquoted(pattern);
            // dd.mm.yyyy HH:MM takes the month for the minute, and would read most times without a complaint.
            if (plain.AsSpan().IndexOf('m') is >= 0 and var minute && minute < plain.AsSpan().IndexOfAny('H', 'h'))
                return null;
            bool hasZone = plain.AsSpan().IndexOfAny('z', 'K') >= 0;
            var format = new TimeFormat(pattern, hasZone);
            return hasZone
                ? DateTimeOffset.TryParseExact(new DateTimeOffset(probe, TimeSpan.FromHours(2)).ToString(pattern, CultureInfo.InvariantCulture), pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned) && zoned.DateTime == probe ? format : null
                : format.TryRead(written, out DateTime read) && read == probe ? format : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads a time without a zone.</summary>
    public bool TryRead(string text, out DateTime time) =>
        DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault, out time);

    /// <summary>Reads a time that says its zone.</summary>
    public bool TryRead(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal, out time);

    private static string? FromLetters(string text)
    {
        var pattern = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
                AppendLiteral(text[i]);
            else if (++i == text.Length)
                return null;
            else if (text[i] == '%')
                AppendLiteral('%');
            else if (s_letters.TryGetValue(text[i], out string? part))
                pattern.Append(part);
            else
                return null;
        }
        // A pattern of one letter would be taken for the name of a standard one.
        return pattern.Length == 1 ? null : pattern.ToString();

        void AppendLiteral(char c) => pattern.Append(char.IsAsciiLetter(c) || c is '"' or '\'' or '\\' or '%' or ':' or '/' ? "\\" : "").Append(c);
    }

    private static string Unquoted(string pattern)
    {
        var plain = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (quote != '\0')
                quote = pattern[i] == quote ? '\0' : quote;
            else if (pattern[i] is '"' or '\'')
                quote = pattern[i];
            else
                plain.Append(pattern[i]);
        }
        return plain.ToString();
    }
}
