using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EventCalls.Replay.Histories;

/// <summary>Makes tokens with a keyed hash (HMAC-SHA-256, RFC 2104): the same for the same text, and without the key nobody finds the text.</summary>
/// <param name="key">The key.</param>
/// <param name="keptDigits">How many digits a number keeps at its beginning.</param>
internal sealed partial class Tokens(byte[] key, int keptDigits)
{
    private const int MostRemembered = 100_000;

    private readonly Dictionary<string, string> _numbers = new(StringComparer.Ordinal);

    /// <summary>A number with its first digits kept and others in place of the rest; what is no digit stays where it is. One text of digits always becomes the same, with and without a plus before it.</summary>
    public string Number(string number)
    {
        string digits = DigitsOf(number);
        if (!_numbers.TryGetValue(digits, out string? token))
        {
            byte[] hash = Hash("number", digits);
            var made = new StringBuilder(digits.Length);
            for (int i = 0; i < digits.Length; i++)
                made.Append(i < keptDigits ? digits[i] : (char)('0' + hash[i % hash.Length] % 10));
            token = made.ToString();
            if (_numbers.Count >= MostRemembered)
                _numbers.Clear();
            _numbers[digits] = token;
        }
        int next = 0;
        return string.Concat(number.Select(c => char.IsAsciiDigit(c) ? token[next++] : c));
    }

    /// <summary>A token for a text.</summary>
    public string Text(string text, string kind) => kind + Convert.ToHexStringLower(Hash("text", text).AsSpan(0, 6));

    /// <summary>An address of the range for benchmarks (RFC 2544, 198.18.0.0/15) in place of one, with its port.</summary>
    public string EndPoint(string endPoint)
    {
        if (!IPEndPoint.TryParse(endPoint, out var address))
            return Text(endPoint, "host-");
        byte[] hash = Hash("host", address.Address.ToString());
        return string.Create(CultureInfo.InvariantCulture, $"198.{18 + hash[0] % 2}.{hash[1]}.{hash[2]}:{address.Port}");
    }

    /// <summary>The digits of a text.</summary>
    public static string DigitsOf(string text) => text.All(char.IsAsciiDigit) ? text : string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>The digits of each number in a text.</summary>
    public static IEnumerable<string> NumbersIn(string text) => Digits().Matches(text).Select(m => m.Value);

    private byte[] Hash(string what, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{what}:{text}"));

    [GeneratedRegex(@"\d{2,}")]
    private static partial Regex Digits();
}
