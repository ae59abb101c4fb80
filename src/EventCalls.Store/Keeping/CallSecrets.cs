using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventCalls.Store.Keeping;

/// <summary>What of a call's events says who called and what was said about them, to be found again where it stands in other texts.</summary>
internal sealed class CallSecrets
{
    // A shorter number is an extension, and its digits are in other texts by chance; so are short words.
    private const int FewestCharacters = 5;

    private readonly string? _digits;
    private readonly string? _user;
    private readonly List<string> _words;

    /// <param name="number">The caller's number or user part; null or empty when there is none.</param>
    /// <param name="words">What is taken out elsewhere: values of headers, of the state, of look-ups.</param>
    public CallSecrets(string? number, IEnumerable<string>? words = null)
    {
        _digits = DigitsOf(number ?? "");
        // A name, or an extension: by itself it may be any word, behind a scheme it is who it is.
        _user = _digits is null && number is { Length: > 0 } ? number : null;
        _words = [.. (words ?? []).SelectMany(Parts).Where(word => word.Length >= FewestCharacters && word != CallMask.Masked && word.TrimStart('+') != _digits).Distinct().OrderByDescending(word => word.Length)];
        if (_user is { Length: >= FewestCharacters })
            _words.Add(_user);
    }

    /// <summary>A text whose form has to stay, such as a URI or a name of ours: without the caller's number.</summary>
    public string WithoutNumber(string text)
    {
        if (_digits is not null)
            return HasDigitsByChance(text) ? text : text.Replace(_digits, CallMask.Masked, StringComparison.Ordinal);
        if (_user is null)
            return text;
        foreach (string scheme in (string[])["sip:", "sips:", "tel:"])
        {
            for (int at = 0; (at = text.IndexOf(scheme + _user, at, StringComparison.OrdinalIgnoreCase)) >= 0;)
            {
                at += scheme.Length;
                if (IsEnd(text, at + _user.Length, '.', '-', '_'))
                    text = string.Concat(text.AsSpan(0, at), CallMask.Masked, text.AsSpan(at + _user.Length));
            }
        }
        return text;
    }

    /// <summary>A text that somebody wrote, such as a message: without the number and all else that is taken out elsewhere.</summary>
    public string WithoutAny(string text)
    {
        foreach (string word in _words)
        {
            for (int at = 0; (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0;)
            {
                bool isWhole = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && IsEnd(text, at + word.Length);
                if (isWhole)
                    text = string.Concat(text.AsSpan(0, at), CallMask.Masked, text.AsSpan(at + word.Length));
                at += isWhole ? CallMask.Masked.Length : 1;
            }
        }
        return WithoutNumber(text);
    }

    /// <summary>Whether a JSON number is the caller's.</summary>
    public bool IsNumber(JsonNode node) => _digits is not null && node.GetValueKind() == JsonValueKind.Number && node.ToJsonString() == _digits;

    // An id, a time, or the version of the logic.
    private static bool HasDigitsByChance(string text) =>
        Guid.TryParseExact(text, "D", out _)
        || (text is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..] && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        || (text.Length == 71 && text.StartsWith("sha256:", StringComparison.Ordinal));

    private static bool IsEnd(string text, int at, params ReadOnlySpan<char> goOn) =>
        at >= text.Length || !(char.IsLetterOrDigit(text[at]) || goOn.Contains(text[at]));

    // Numbers are written in several ways, and a country's own is the end of the international one: the digits are what they share.
    private static string? DigitsOf(string number)
    {
        if (number.Any(char.IsLetter))
            return null;
        string digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length < FewestCharacters ? null : digits;
    }

    /// <summary>A value as a whole, and of an address the name and the user.</summary>
    private static IEnumerable<string> Parts(string value)
    {
        yield return value.Trim();
        int uri = value.LastIndexOf('<');
        if (uri > 0)
            yield return value[..uri].Trim(' ', '"');
        int user = value.IndexOf("sip", Math.Max(uri, 0), StringComparison.OrdinalIgnoreCase);
        int end = value.IndexOf('@', StringComparison.Ordinal);
        if (user >= 0 && value.IndexOf(':', user) is var from and > 0 && end > from)
            yield return value[(from + 1)..end];
    }
}
