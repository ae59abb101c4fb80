using System.Text;
using System.Text.RegularExpressions;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Csv;

/// <summary>Reads numbers and addresses as people and switches write them into tables, by the rule of <c>docs/numbers.md</c>.</summary>
internal static partial class CsvNumbers
{
    /// <summary>The number, or else the user, that a number, a name, a URI or a name-addr stands for; empty when it says that the caller is anonymous.</summary>
    public static string NumberOf(string text)
    {
        text = AddressOf(text);
        if (text.Length == 0)
            return "";
        if (Scheme().IsMatch(text))
            return OfUri(text) is { Length: > 0 } number || SipUri.TryParse(Encoding.UTF8.GetBytes(text), out _) ? OfUri(text) : text;
        if (Numbers.IsDialString(Encoding.UTF8.GetBytes(text)))
            return OfUri("tel:" + text.Replace(' ', '-'));
        // alice@example.com, and words such as anonymous.
        if (User().IsMatch(text))
            return OfUri($"sip:{text}{(text.Contains('@') ? "" : "@host")}");
        return text;
    }

    /// <summary>The address of a name-addr, without its name and its header parameters; any other text as it is.</summary>
    public static string AddressOf(string text)
    {
        text = text.Trim();
        if (NameAddr.TryParse(Encoding.UTF8.GetBytes(text), out var address) && (text.Contains('<') || Scheme().IsMatch(text)))
            return SipText.Get(address.Uri);
        // "Jane" <4100>: a name-addr by its form, but without a scheme.
        return Bracketed().Match(text) is { Success: true } match ? match.Groups[1].Value.Trim() : text;
    }

    /// <summary>Addresses separated by commas; one in a name or in a URI separates nothing.</summary>
    public static IReadOnlyList<string> AddressesOf(string text)
    {
        var addresses = new List<string>();
        int start = 0;
        bool isQuoted = false;
        bool isBracketed = false;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && !isQuoted && !isBracketed))
            {
                if (AddressOf(text[start..i]) is { Length: > 0 } address)
                    addresses.Add(address);
                start = i + 1;
            }
            else if (isQuoted && text[i] == '\\')
            {
                i = Math.Min(i + 1, text.Length - 1);
            }
            else if (text[i] == '"' && !isBracketed)
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && text[i] is '<' or '>')
            {
                isBracketed = text[i] == '<';
            }
        }
        return addresses;
    }

    private static string OfUri(string text) => Numbers.OfUri(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"^(sips?|tel):", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^([A-Za-z]+|[\w.!~*'()&=+$/-]+@[A-Za-z0-9.:\[\]-]+)$")]
    private static partial Regex User();

    [GeneratedRegex(@"^(?:""(?:[^""\\]|\\.)*""|[^""<>]*)\s*<([^<>]*)>$")]
    private static partial Regex Bracketed();
}
