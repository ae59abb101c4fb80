using System.Text.RegularExpressions;

namespace EventCalls.Replay.Histories;

/// <summary>What has to be replaced in a call, and by what: found in one place, it is replaced wherever it stands.</summary>
/// <param name="tokens">Makes tokens.</param>
/// <param name="own">Digits of numbers that stay.</param>
internal sealed partial class CallWords(Tokens tokens, IReadOnlySet<string> own)
{
    // Shorter texts stand in too many others by chance; as a whole value they are replaced all the same.
    private const int LeastPart = 5;

    // Tokens of numbers, so that none is replaced once more.
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <summary>A number that is somebody's, however short.</summary>
    public void AddNumber(string number)
    {
        if (number.Any(char.IsAsciiDigit))
            _words.TryAdd(number, Number(number));
        else if (number.Length > 0)
            _words.TryAdd(number, tokens.Text(number, "caller-"));
    }

    /// <summary>A text that becomes a token as a whole.</summary>
    public void AddToken(string text, string kind)
    {
        if (text.Length > 0)
            _words.TryAdd(text, tokens.Text(text, kind));
    }

    /// <summary>The names of an address: the one shown, and the user part when it is no number.</summary>
    public void AddNames(string address)
    {
        foreach (Match match in Names().Matches(address))
        {
            var name = match.Groups["name"].Success ? match.Groups["name"] : match.Groups["user"];
            string text = name.Value.Trim();
            if (text.Length > 0 && !text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or '(' or ')' or ' '))
                _words.TryAdd(text, tokens.Text(text, "name-"));
        }
    }

    /// <summary>The text with tokens in it.</summary>
    public string Replace(string text)
    {
        if (text.Length == 0)
            return text;
        if (_words.TryGetValue(text, out string? whole))
            return whole;
        foreach (var (word, token) in _words)
        {
            if (word.Length >= LeastPart)
                text = text.Replace(word, token, StringComparison.Ordinal);
        }
        return Numbers().Replace(text, match => _made.Contains(Tokens.DigitsOf(match.Value)) || own.Contains(Tokens.DigitsOf(match.Value)) ? match.Value : Number(match.Value));
    }

    private string Number(string number)
    {
        string token = tokens.Number(number);
        _made.Add(Tokens.DigitsOf(token));
        return token;
    }

    [GeneratedRegex("\"(?<name>[^\"]+)\"|^\\s*(?<name>[^\"<>:]+?)\\s*<|sips?:(?<user>[^@;>\\s]+)@")]
    private static partial Regex Names();

    [GeneratedRegex(@"(?<![\w.:-])\+?\d{6,15}(?![\w.])")]
    private static partial Regex Numbers();
}
