using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Makes of the options who we are to peers over TLS, and whom we take them for.</summary>
internal static class TlsSetup
{
    private const string CertificateKey = "Sip:Tls:Certificate";
    private const string AuthoritiesKey = "Sip:Tls:Authorities";

    /// <summary>Checks the options.</summary>
    /// <exception cref="TelephonyOptionsException">One cannot be used.</exception>
    public static void Check(TlsOptions options, IReadOnlyList<ListenPoint> points, IReadOnlyList<TrunkOptions> trunks)
    {
        CheckReached(points, trunks);
        if (options.Certificate is null)
        {
            if (points.Any(p => p.Protocol.IsSecure()))
                throw new TelephonyOptionsException(CertificateKey, null, "expected a certificate's file (PEM or PKCS#12), as Sip:Listen has a tls or wss end point");
            if (options.Key is not null)
                throw new TelephonyOptionsException("Sip:Tls:Key", options.Key, "expected Sip:Tls:Certificate beside it");
            return;
        }
        if (TlsCertificate.Problem(Files(options)) is { } problem)
            throw new TelephonyOptionsException(CertificateKey, options.Certificate, $"expected a PEM file, with the key in it or in Sip:Tls:Key, or a PKCS#12 file ({problem})");
        if (options.Authorities is { } authorities && TlsAuthorities.Problem(authorities) is { } why)
            throw new TelephonyOptionsException(AuthoritiesKey, authorities, $"expected a PEM file of the authorities' certificates ({why})");
    }

    // What a trunk is told to answer to is the listener's address.
    private static void CheckReached(IReadOnlyList<ListenPoint> points, IReadOnlyList<TrunkOptions> trunks)
    {
        foreach (var trunk in trunks)
        {
            for (int i = 0; i < trunk.To.Count; i++)
            {
                if (TrunkTarget.TryParse(trunk.To[i], out var target, out _))
                    CheckReached(points, $"Trunks:{trunk.Name}:To:{i}", trunk.To[i], target!.Address.Protocol);
            }
            if (trunk.Register?.Registrar is { } registrar && OutboundAddress.TryParse(registrar, out var address, out _))
                CheckReached(points, $"Trunks:{trunk.Name}:Register:Registrar", registrar, address!.Protocol);
        }
    }

    private static void CheckReached(IReadOnlyList<ListenPoint> points, string key, string uri, TransportProtocol protocol)
    {
        if ((protocol.IsSecure() || protocol.IsWebSocket()) && !points.Any(p => p.Protocol == protocol))
            throw new TelephonyOptionsException(key, uri, $"expected an end point for it: add {protocol.Name()}:ADDRESS:PORT to Sip:Listen{(protocol.IsSecure() ? ", and Sip:Tls:Certificate" : "")}");
    }

    /// <summary>Makes it; null without a certificate.</summary>
    public static TlsIdentity? Of(TelephonyOptions options, TrunkTable trunks, TimeProvider time, ILogger logger) =>
        options.Tls.Certificate is null ? null : new TlsIdentity(new TlsCertificate(Files(options.Tls), time, logger), options.Tls.Authorities is { } file ? new TlsAuthorities(file, time, logger) : null, trunks.TlsNamesOf, trunks.Roaming.Names);

    private static TlsCertificateFiles Files(TlsOptions options) => new(options.Certificate!, options.Key, options.Password);
}
