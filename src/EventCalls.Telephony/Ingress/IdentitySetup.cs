using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trust.Signatures;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Makes of the options what the Identity headers of calls are checked with.</summary>
internal static class IdentitySetup
{
    /// <summary>The key of the time for which a signature is fresh.</summary>
    public const string FreshKey = "Sip:Identity:FreshSeconds";

    private const string CertificatesKey = "Sip:Identity:Certificates";
    private const string AuthoritiesKey = "Sip:Identity:Authorities";

    /// <summary>Checks the options.</summary>
    /// <exception cref="TelephonyOptionsException">One cannot be used.</exception>
    public static void Check(TelephonyOptions options)
    {
        var identity = options.Identity;
        if (identity.Certificates is not { } folder)
        {
            if (identity.Authorities is { } alone)
                throw new TelephonyOptionsException(AuthoritiesKey, alone, $"expected {CertificatesKey} beside it, the folder of the signers' certificates");
            if (options.Trunks.FirstOrDefault(t => t.RequiresIdentity) is { } trunk)
                throw new TelephonyOptionsException($"Trunks:{trunk.Name}:CheckedIdentity", "require", $"expected {CertificatesKey}, the folder of the signers' certificates, without which no call of the trunk is taken");
            return;
        }
        if (!Directory.Exists(folder))
            throw new TelephonyOptionsException(CertificatesKey, folder, "expected a folder with the signers' certificates, such as cr.example.com/shaken.pem in it for https://cr.example.com/shaken.pem");
        if (identity.Authorities is { } authorities && Sip.Transport.Tls.TlsAuthorities.Problem(authorities) is { } why)
            throw new TelephonyOptionsException(AuthoritiesKey, authorities, $"expected a PEM file of the authorities' certificates ({why})");
        if (SignerCertificates.Problem(folder, identity.Authorities) is { } problem)
            throw new TelephonyOptionsException(CertificatesKey, folder, $"expected a folder with nothing in it but certificates, PEM or DER, below folders that are named as the hosts ({problem})");
    }

    /// <summary>Makes it; null where nothing is to be checked with.</summary>
    public static ICallerCheck? Of(TelephonyOptions options, TimeProvider time, ILogger logger) => options.Identity.Certificates is not { } folder
        ? null
        : new SignatureCheck(new SignerCertificates(folder, options.Identity.Authorities, time, logger), TimeSpan.FromSeconds(options.Identity.FreshSeconds), time);
}
