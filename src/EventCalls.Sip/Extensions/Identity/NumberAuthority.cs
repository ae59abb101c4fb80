using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace EventCalls.Sip.Extensions.Identity;

/// <summary>For which numbers a certificate may sign, as its TNAuthList says (RFC 8226 §9).</summary>
public sealed class NumberAuthority
{
    private const string Oid = "1.3.6.1.5.5.7.1.26";

    private static readonly Asn1Tag s_provider = new(TagClass.ContextSpecific, 0, true);
    private static readonly Asn1Tag s_range = new(TagClass.ContextSpecific, 1, true);
    private static readonly Asn1Tag s_one = new(TagClass.ContextSpecific, 2, true);

    private readonly List<(BigInteger First, BigInteger Last)> _ranges = [];
    private bool _isForAll;

    private NumberAuthority()
    {
    }

    /// <summary>Whether it may sign for a number, in the form of <see cref="CallNames"/>. A provider's code is for whatever numbers the provider has.</summary>
    public bool Covers(string name) =>
        _isForAll || (BigInteger.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _ranges.Exists(r => r.First <= number && number <= r.Last));

    /// <summary>That of a certificate; without a TNAuthList for all.</summary>
    /// <exception cref="AsnContentException">The list cannot be read.</exception>
    public static NumberAuthority Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var authority = new NumberAuthority();
        if (certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == Oid) is not { } extension)
        {
            authority._isForAll = true;
            return authority;
        }
        var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (list.HasData)
            authority.Add(list);
        return authority;
    }

    private void Add(AsnReader list)
    {
        var tag = list.PeekTag();
        if (tag.HasSameClassAndValue(s_provider))
        {
            list.ReadSequence(s_provider);
            _isForAll = true;
        }
        else if (tag.HasSameClassAndValue(s_range))
        {
            var range = list.ReadSequence(s_range).ReadSequence();
            var first = Number(range.ReadCharacterString(UniversalTagNumber.IA5String));
            _ranges.Add((first, first + range.ReadInteger() - 1));
        }
        else
        {
            var one = Number(list.ReadSequence(s_one).ReadCharacterString(UniversalTagNumber.IA5String));
            _ranges.Add((one, one));
        }
    }

    private static BigInteger Number(string text) =>
        BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new AsnContentException($"'{text}' is no number");
}
