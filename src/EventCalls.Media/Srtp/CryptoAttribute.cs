using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace EventCalls.Media.Srtp;

/// <summary>
/// One <c>a=crypto:</c> of a session description (RFC 4568): a key, said openly, for what its side sends. Never written to a log:
/// its text without the key is <see cref="ToString"/>.
/// </summary>
internal sealed class CryptoAttribute
{
    private const int LongestIdentifier = 128;
    private const string Inline = "inline:";

    private CryptoAttribute(int tag, SrtpMasterKey key)
    {
        Tag = tag;
        Key = key;
    }

    /// <summary>What an answer repeats to say which it chose: 0 to 999,999,999.</summary>
    public int Tag { get; }

    /// <summary>The key of the side that wrote it.</summary>
    public SrtpMasterKey Key { get; }

    /// <summary>Its suite.</summary>
    public SrtpSuite Suite => Key.Suite;

    /// <summary>One of our own with a fresh key: for an offer, or with the tag of the chosen one for an answer (RFC 4568 §5.1.2).</summary>
    public static CryptoAttribute Fresh(int tag, SrtpSuite suite) => new(tag, SrtpMasterKey.Fresh(suite));

    /// <summary>Ours for an offer: one for each suite, in this order, with tags from 1.</summary>
    public static IReadOnlyList<CryptoAttribute> Offer(IReadOnlyList<SrtpSuite> suites) =>
        [.. suites.Select((suite, at) => Fresh(at + 1, suite))];

    /// <summary>The first of the offered that has a suite we take, in our order; null when there is none.</summary>
    public static CryptoAttribute? Choose(IReadOnlyList<CryptoAttribute> offered, IReadOnlyList<SrtpSuite> ours)
    {
        foreach (SrtpSuite suite in ours)
        {
            foreach (CryptoAttribute one in offered)
            {
                if (one.Suite == suite)
                    return one;
            }
        }
        return null;
    }

    /// <summary>Which of ours an answer took: that of its tag, with the same suite (RFC 4568 §5.1.3); null when it answers none of them.</summary>
    public static CryptoAttribute? Answered(IReadOnlyList<CryptoAttribute> offered, CryptoAttribute answer) =>
        offered.FirstOrDefault(one => one.Tag == answer.Tag && one.Suite == answer.Suite);

    /// <summary>
    /// Reads what stands behind <c>a=crypto:</c>. False when we cannot take it, and then why, without the key: a suite we have not,
    /// a key of the wrong length, several keys, or a parameter that would change how packets are protected.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out CryptoAttribute? attribute, [NotNullWhen(false)] out string? why)
    {
        attribute = null;
        ReadOnlySpan<char> rest = value.Trim();
        ReadOnlySpan<char> number = Word(ref rest);
        if (number.Length is 0 or > 9 || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int tag))
        {
            why = "no tag";
            return false;
        }
        if (SrtpSuite.Named(Word(ref rest)) is not { } suite)
        {
            why = "a suite we have not";
            return false;
        }
        why = ReadKey(Word(ref rest), suite, out SrtpMasterKey? key);
        while (why is null && !rest.IsEmpty)
            why = Refusal(Word(ref rest));
        if (why is null)
            attribute = new CryptoAttribute(tag, key!);
        return attribute is not null;
    }

    /// <summary>The value with the key, for a session description and for nothing else.</summary>
    public string Write()
    {
        byte[] secret = [.. Key.Key, .. Key.Salt];
        string text = $"{Tag.ToString(CultureInfo.InvariantCulture)} {Suite.Name} {Inline}{Convert.ToBase64String(secret)}";
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Tag.ToString(CultureInfo.InvariantCulture)} {Suite.Name}";

    /// <summary>Reads <c>inline:key||salt[|lifetime][|MKI:length]</c> (RFC 4568 §6.1); returns why not.</summary>
    private static string? ReadKey(ReadOnlySpan<char> word, SrtpSuite suite, out SrtpMasterKey? key)
    {
        key = null;
        if (!word.StartsWith(Inline, StringComparison.OrdinalIgnoreCase))
            return "no inline key";
        if (word.Contains(';'))
            return "several keys";
        word = word[Inline.Length..];
        ReadOnlySpan<char> text = Part(ref word);
        Span<byte> secret = stackalloc byte[64];
        if (!TryDecode(text, secret, out int length) || length != suite.KeyLength + suite.SaltLength)
            return "a key of the wrong length";
        byte[] identifier = [];
        // Either may be left out; the colon tells them apart.
        if (!word.IsEmpty && !word.Contains(':') | word.Contains('|') && !IsLifetime(Part(ref word)))
            return "a lifetime that is none";
        if (!word.IsEmpty && !TryReadIdentifier(word, out identifier))
            return "an identifier of the key that is none";
        key = new SrtpMasterKey(suite, secret[..suite.KeyLength], secret[suite.KeyLength..length], identifier);
        CryptographicOperations.ZeroMemory(secret);
        return null;
    }

    /// <summary>Base64, by some without the padding that RFC 4648 asks for.</summary>
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> secret, out int length)
    {
        length = 0;
        Span<char> padded = stackalloc char[68];
        if (text.Length is 0 or > 64 || text.ContainsAny(" \t\r\n"))
            return false;
        text.CopyTo(padded);
        int end = text.Length;
        while (end % 4 != 0)
            padded[end++] = '=';
        return Convert.TryFromBase64Chars(padded[..end], secret, out length);
    }

    /// <summary>A number of packets, in digits or as a power of two: 1 to 2^48 (RFC 4568 §6.1).</summary>
    private static bool IsLifetime(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("2^", StringComparison.Ordinal))
            return int.TryParse(text[2..], NumberStyles.None, CultureInfo.InvariantCulture, out int power) && power is >= 0 and <= 48;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong packets) && packets is >= 1 and <= 1UL << 48;
    }

    /// <summary>A number and the bytes it takes in each packet, 1 to 128.</summary>
    private static bool TryReadIdentifier(ReadOnlySpan<char> text, out byte[] identifier)
    {
        identifier = [];
        int colon = text.IndexOf(':');
        if (colon < 1
            || !UInt128.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 number)
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length is < 1 or > LongestIdentifier)
            return false;
        identifier = new byte[length];
        for (int at = length - 1; at >= 0; at--, number >>= 8)
            identifier[at] = (byte)number;
        return number == 0;
    }

    /// <summary>
    /// Why a session parameter makes the attribute useless to us (RFC 4568 §6.3); null for a hint how wide a window should be, and
    /// for what its writer says may be left aside.
    /// </summary>
    private static string? Refusal(ReadOnlySpan<char> parameter)
    {
        if (parameter.StartsWith("WSH=", StringComparison.OrdinalIgnoreCase) || parameter[0] == '-')
            return null;
        if (parameter.StartsWith("KDR=", StringComparison.OrdinalIgnoreCase))
            return parameter["KDR=".Length..] is "0" ? null : "keys made anew by a rate (KDR)";
        foreach (string known in (ReadOnlySpan<string>)["UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP", "FEC_ORDER", "FEC_KEY"])
        {
            if (parameter.StartsWith(known, StringComparison.OrdinalIgnoreCase) && (parameter.Length == known.Length || parameter[known.Length] == '='))
                return known;
        }
        return "an unknown session parameter";
    }

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart();
        return word;
    }

    private static ReadOnlySpan<char> Part(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf('|');
        ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return part;
    }
}
