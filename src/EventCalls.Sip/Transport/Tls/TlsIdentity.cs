using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EventCalls.Sip.Transport.Tls;

/// <summary>Who we are to peers, and whom we take them for (RFC 3261 §26.3, RFC 5922). Safe from any thread.</summary>
/// <param name="certificate">Ours; null: connections can be made and not taken.</param>
/// <param name="authorities">Whose signatures are trusted; null: whose the system trusts.</param>
/// <param name="namesOf">
/// The names of which the certificate of the peer at an address, reached by a host name or calling us (null), must bear one; null for none.
/// A caller of whom none is asked needs no certificate; who is called must bear the name it is called by.
/// </param>
/// <param name="tellingNames">Names by which callers are told apart: a caller is asked for a certificate, and need not have one.</param>
public sealed class TlsIdentity(
    TlsCertificate? certificate, TlsAuthorities? authorities, Func<IPAddress, string?, IReadOnlyList<string>?> namesOf, IReadOnlyList<string>? tellingNames = null)
{
    private readonly IReadOnlyList<string> _tellingNames = tellingNames ?? [];

    /// <summary>Does the handshake with a peer that connected to us; the names told apart by that its trusted certificate bears.</summary>
    /// <exception cref="AuthenticationException">It failed, or the peer is not who it must be.</exception>
    internal (Stream Stream, IReadOnlyList<string> Proven) Accept(Stream bytes, IPAddress from)
    {
        var names = namesOf(from, null);
        var check = new PeerCheck(names, _tellingNames);
        var encrypted = check.Run(bytes, stream => stream.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate?.Current ?? throw new TlsRefusedException("we have no certificate to show"),
            ClientCertificateRequired = names is not null || _tellingNames.Count > 0,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = check.IsTrusted,
        }));
        return (encrypted, check.Proven);
    }

    /// <summary>Does the handshake with a peer that we connected to.</summary>
    /// <exception cref="AuthenticationException">It failed, or the peer is not who it must be.</exception>
    internal Stream Connect(Stream bytes, IPAddress to, string? name)
    {
        var check = new PeerCheck(namesOf(to, name) ?? [name ?? to.ToString()], []);
        return check.Run(bytes, stream => stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            // Sent as SNI, which has no form for addresses (RFC 6066 §3).
            TargetHost = name ?? "",
            ClientCertificateContext = certificate?.Current,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = check.IsTrusted,
        }));
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities.Current);
        }
        return policy;
    }

    /// <summary>Looks at one peer's certificate, and keeps why it is not trusted.</summary>
    private sealed class PeerCheck(IReadOnlyList<string>? names, IReadOnlyList<string> telling)
    {
        private string? _whyNot;

        public IReadOnlyList<string> Proven { get; private set; } = [];

        public Stream Run(Stream bytes, Action<SslStream> handshake)
        {
            var stream = new SslStream(bytes);
            try
            {
                handshake(stream);
                return stream;
            }
            catch (AuthenticationException) when (_whyNot is { } whyNot)
            {
                stream.Dispose();
                throw new TlsRefusedException(whyNot);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }

        public bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
        {
            if (telling.Count > 0 && shown is X509Certificate2 its && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                Proven = [.. telling.Where(name => CertificateNames.Bears(its, [name]))];
            if (names is null)
                return true;
            if (shown is not X509Certificate2 certificate)
                _whyNot = "it shows no certificate";
            else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                _whyNot = $"its certificate is not trusted: {string.Join("; ", chain?.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).Distinct() ?? [])}";
            else if (!CertificateNames.Bears(certificate, names))
                _whyNot = $"its certificate bears {CertificateNames.Describe(certificate)}, and none of {string.Join(", ", names)}";
            return _whyNot is null;
        }
    }
}

/// <summary>A peer is not who it must be, or cannot be shown who we are.</summary>
internal sealed class TlsRefusedException(string message) : AuthenticationException(message);
