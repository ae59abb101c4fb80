using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transport.Tls;

/// <summary>The SIP domains a certificate speaks for (RFC 5922 §7.1).</summary>
internal static class CertificateNames
{
    private static readonly Asn1Tag s_dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Whether the certificate bears one of the names: host names, addresses, or <c>*.example.com</c> for any one label before the rest.</summary>
    /// <remarks>A wildcard in the certificate itself stands for no domain (RFC 5922 §7.2), but a name asked for as such accepts it.</remarks>
    public static bool Bears(X509Certificate2 certificate, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(names);
        var (domains, addresses) = Read(certificate);
        return names.Any(name => IPAddress.TryParse(name, out var address) ? addresses.Contains(address) : domains.Any(domain => Matches(name, domain)));
    }

    /// <summary>The names it bears, for people.</summary>
    public static string Describe(X509Certificate2 certificate)
    {
        var (domains, addresses) = Read(certificate);
        // An address among the host names (DNS:192.0.2.1 in place of IP:192.0.2.1) looks right to people, and is none (RFC 5280 §4.2.1.6).
        string[] all = [.. domains.Select(d => IPAddress.TryParse(d, out _) ? $"{d} as a host name (DNS) and not as an address (IP)" : d), .. addresses.Select(a => a.ToString())];
        return all.Length == 0 ? "no name" : string.Join(", ", all);
    }

    private static bool Matches(string asked, string borne)
    {
        if (asked.Equals(borne, StringComparison.OrdinalIgnoreCase))
            return true;
        return asked.StartsWith("*.", StringComparison.Ordinal)
            && !borne.StartsWith("*.", StringComparison.Ordinal)
            && borne.IndexOf('.') is > 0 and var dot
            && asked.AsSpan(1).Equals(borne.AsSpan(dot), StringComparison.OrdinalIgnoreCase);
    }

    private static (IReadOnlyList<string> Domains, IReadOnlyList<IPAddress> Addresses) Read(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        var hosts = new List<string>();
        IReadOnlyList<IPAddress> addresses = [];
        bool hasAlternatives = false;
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            hasAlternatives = true;
            addresses = [.. addresses, .. extension.EnumerateIPAddresses()];
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                var tag = reader.PeekTag();
                if (tag.HasSameClassAndValue(s_uri))
                    AddDomain(reader.ReadCharacterString(UniversalTagNumber.IA5String, s_uri), uris);
                else if (tag.HasSameClassAndValue(s_dns))
                    hosts.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, s_dns));
                else
                    reader.ReadEncodedValue();
            }
        }
        // SIP URIs count before host names, and the subject's name only where there is neither.
        if (uris.Count > 0)
            return (uris, addresses);
        if (hosts.Count == 0 && !hasAlternatives && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } common)
            hosts.Add(common);
        return (hosts, addresses);
    }

    // A URI with a user speaks for that user alone, and not for the domain.
    private static void AddDomain(string text, List<string> domains)
    {
        if (SipUri.TryParse(Encoding.ASCII.GetBytes(text), out var uri) && uri.Scheme is UriScheme.Sip or UriScheme.Sips && uri.User.IsEmpty)
            domains.Add(SipText.Get(uri.Host));
    }
}
