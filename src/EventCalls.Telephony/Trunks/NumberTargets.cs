using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Trunks;

/// <summary>The numbers that may be called, by how they begin: <c>tel:+49</c> for those that may, <c>!tel:+4990</c> for those among them that may not. The longest beginning that fits decides.</summary>
internal sealed class NumberTargets
{
    private const string Scheme = "tel:";

    // What people write between digits (RFC 3966 §3), and those who read a number leave out.
    private const string Separators = "-.() ";

    private readonly List<(string Prefix, bool IsAllowed)> _prefixes = [];
    private bool _areNamed;

    /// <summary>Whether nothing was said of numbers: any may be called.</summary>
    public bool IsEmpty => _prefixes.Count == 0;

    /// <summary>Whether the text is an entry about numbers, right or wrong.</summary>
    public static bool IsNumber(string entry) => entry.TrimStart('!').StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes an entry; false when it is none.</summary>
    public bool TryAdd(string entry)
    {
        bool isAllowed = !entry.StartsWith('!');
        string prefix = Plain(entry[(Scheme.Length + (isAllowed ? 0 : 1))..]);
        if (prefix.Length == 0 || prefix.AsSpan(prefix[0] == '+' ? 1 : 0).IndexOfAnyExcept("0123456789*#") >= 0)
            return false;
        _prefixes.Add((prefix, isAllowed));
        _areNamed |= isAllowed;
        return true;
    }

    /// <summary>The number in the user part of a URI that must not be called; null when there is none. A user part that begins with a letter is a name, and no number.</summary>
    /// <remarks>
    /// Numbers are compared as those read them who route by them: without escapes and separators. A local number's context and a number it was ported to are numbers
    /// too, as some call these instead (RFC 3966 §5.1.5, RFC 4694).
    /// </remarks>
    public string? Refused(ReadOnlySpan<byte> user)
    {
        if (IsEmpty || user.IsEmpty)
            return null;
        string[] parts = PartsOf(user);
        string number = Plain(parts[0]);
        if (IsName(number))
            return null;
        if (!Allows(number))
            return number;
        for (int i = 1; i < parts.Length; i++)
        {
            int equals = parts[i].IndexOf('=');
            string name = equals < 0 ? "" : parts[i][..equals].Trim();
            string value = equals < 0 ? "" : Plain(parts[i][(equals + 1)..]);
            if (name.Equals("phone-context", StringComparison.OrdinalIgnoreCase) && value.StartsWith('+') && !number.StartsWith('+') && !Allows(value + number))
                return value + number;
            if (name.Equals("rn", StringComparison.OrdinalIgnoreCase) && !Allows(value))
                return value;
        }
        return null;
    }

    /// <summary>The number in a user part, as it is compared; null for a name, and for none.</summary>
    public static string? Of(ReadOnlySpan<byte> user) => Plain(PartsOf(user)[0]) is { Length: > 0 } number && !IsName(number) ? number : null;

    private static string[] PartsOf(ReadOnlySpan<byte> user) => Uri.UnescapeDataString(SipText.Get(user)).Split(';');

    private static bool IsName(string user) => user.Length > 0 && (char.IsAsciiLetter(user[0]) || user[0] == '_');

    private bool Allows(string number)
    {
        int longest = -1;
        // Where only exceptions are named the rest may be called, if it is a number at all.
        bool isAllowed = !_areNamed && number.Length > 0 && (char.IsAsciiDigit(number[0]) || number[0] is '+' or '*' or '#');
        foreach (var (prefix, isIts) in _prefixes)
        {
            if (prefix.Length < longest || !number.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            // Of two that are the same the one that refuses counts.
            isAllowed = isIts && (prefix.Length > longest || isAllowed);
            longest = prefix.Length;
        }
        return isAllowed;
    }

    private static string Plain(string text)
    {
        if (text.AsSpan().IndexOfAny(Separators) < 0)
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!Separators.Contains(c, StringComparison.Ordinal))
                plain.Append(c);
        }
        return plain.ToString();
    }
}
