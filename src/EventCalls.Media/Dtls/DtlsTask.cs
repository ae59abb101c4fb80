using EventCalls.Media.Srtp;

namespace EventCalls.Media.Dtls;

/// <summary>What one handshake is about.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Identity">Our certificate.</param>
/// <param name="Fingerprints">Those the peer's session description names.</param>
/// <param name="Role">Which side we are.</param>
/// <param name="Suites">The ways to protect RTP we take, most wanted first; those without a number in DTLS are left out.</param>
internal sealed record DtlsTask(
    IDtlsOwner Owner, DtlsIdentity Identity, IReadOnlyList<DtlsFingerprint> Fingerprints, DtlsRole Role, IReadOnlyList<SrtpSuite> Suites)
{
    /// <summary>The numbers of those suites (RFC 5764 §4.1.2).</summary>
    public int[] Profiles { get; } = [.. Suites.Where(s => s.DtlsProfile != 0).Select(s => s.DtlsProfile)];
}
