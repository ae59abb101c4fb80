using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Dtls;

/// <summary>One end of an association whose datagrams go where the test says.</summary>
internal sealed class DtlsEnd : IDtlsOwner, IDisposable
{
    private readonly TaskCompletionSource<DtlsKeys> _keys = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<(DtlsFault Fault, string Detail)> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _told;

    public DtlsEnd(DtlsIdentity identity, DtlsRole role, IReadOnlyList<DtlsFingerprint> peers, DtlsWorkers workers, IReadOnlyList<SrtpSuite>? suites = null)
    {
        Session = new DtlsSession(new DtlsTask(this, identity, peers, role, suites ?? SrtpSuite.All), workers, TimeProvider.System);
    }

    public DtlsSession Session { get; }

    /// <summary>Where its datagrams go.</summary>
    public Action<byte[]> Out { get; set; } = _ => { };

    public Task<DtlsKeys> Keys => _keys.Task;

    public Task<(DtlsFault Fault, string Detail)> Fault => _failed.Task;

    public Task Ended => _closed.Task;

    /// <summary>How often it was told how the handshake went.</summary>
    public int Told => _told;

    public void Send(ReadOnlySpan<byte> datagram) => Out(datagram.ToArray());

    public void Keyed(DtlsKeys keys)
    {
        Interlocked.Increment(ref _told);
        _keys.TrySetResult(keys);
    }

    public void Failed(DtlsFault fault, string detail)
    {
        Interlocked.Increment(ref _told);
        _failed.TrySetResult((fault, detail));
    }

    public void Closed() => _closed.TrySetResult();

    public void Dispose() => Session.Dispose();
}
