using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Relay;

/// <summary>What the streams of a relay shake hands with: one certificate a process, and threads that are there when somebody needs them.</summary>
internal sealed class RelayDtls(Action<Action> post, TimeProvider time)
{
    private static readonly Lazy<DtlsWorkers> s_workers = new(() => new DtlsWorkers());
    private static readonly Lazy<DtlsIdentity> s_identity = new(() => DtlsIdentity.Create(TimeProvider.System));

    /// <summary>What session descriptions say of the certificate.</summary>
    public DtlsFingerprint Fingerprint => s_identity.Value.Fingerprint;

    /// <summary>Has something done on the relay's thread.</summary>
    public Action<Action> Post { get; } = post;

    /// <summary>Begins a handshake.</summary>
    public DtlsSession Begin(DtlsRole role, IReadOnlyList<DtlsFingerprint> fingerprints, IDtlsOwner owner)
    {
        var session = new DtlsSession(new DtlsTask(owner, s_identity.Value, fingerprints, role, SrtpSuite.All), s_workers.Value, time);
        session.Start(DtlsSession.DefaultLimit);
        return session;
    }
}
