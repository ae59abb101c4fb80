using Org.BouncyCastle.Tls;

namespace EventCalls.Media.Dtls;

/// <summary>The peer begins: DTLS 1.2 with <c>use_srtp</c>, and a certificate asked of it too.</summary>
internal sealed class DtlsServerSide(DtlsSide side) : DefaultTlsServer(side.Crypto)
{
    /// <inheritdoc/>
    public override bool IgnoreCorruptDtlsRecords => true;

    /// <inheritdoc/>
    public override int GetHandshakeResendTimeMillis() => DtlsSide.ResendMilliseconds;

    // Certificates are known by their fingerprints: how they are signed does not matter.
    /// <inheritdoc/>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <inheritdoc/>
    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        side.Choose(clientExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions));
    }

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetServerExtensions() ?? new Dictionary<int, byte[]>();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, side.Answer);
        return extensions;
    }

    /// <inheritdoc/>
    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

    /// <inheritdoc/>
    public override void NotifyClientCertificate(Certificate clientCertificate) => side.Check(clientCertificate);

    /// <inheritdoc/>
    public override void NotifyAlertReceived(short alertLevel, short alertDescription)
    {
        base.NotifyAlertReceived(alertLevel, alertDescription);
        side.Hear(alertLevel, alertDescription);
    }

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        side.Export(m_context);
    }

    /// <inheritdoc/>
    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => side.Credentials(m_context);

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => DtlsSide.ServerCiphers;
}
