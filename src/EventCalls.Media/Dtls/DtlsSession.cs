using System.Runtime.CompilerServices;

namespace EventCalls.Media.Dtls;

/// <summary>
/// The DTLS of one leg (RFC 5763, RFC 5764): shakes hands once, checks the peer's certificate against its fingerprint, and gives
/// its owner the keys of SRTP. Stays afterwards, for a peer whose last message was lost or that closes.
/// </summary>
internal sealed class DtlsSession : IDisposable
{
    /// <summary>How long a handshake may take, from <see cref="Start"/> to keys, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(15);

    private readonly DtlsInbox _inbox;
    private readonly DtlsTask _task;
    private readonly DtlsWorkers _workers;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private IDtlsAssociation? _association;
    private volatile State _state;
    private bool _pumping;

    public DtlsSession(DtlsTask task, DtlsWorkers workers, TimeProvider time)
    {
        _task = task;
        _workers = workers;
        _time = time;
        _inbox = new DtlsInbox(workers, time);
    }

    private enum State
    {
        Waiting,
        Queued,
        Keyed,
        Over,
    }

    /// <summary>Whether a datagram on a port that carries RTP too is one of DTLS (RFC 7983 §7).</summary>
    public static bool IsDtls(ReadOnlySpan<byte> datagram) => datagram.Length > 0 && datagram[0] is >= 20 and <= 63;

    /// <summary>Begins: as client with the first message, as server with waiting for it. The limit counts from here.</summary>
    public void Start(TimeSpan limit)
    {
        lock (_lock)
        {
            _timer = _time.CreateTimer(static session => ((DtlsSession)session!).GiveUp(), this, limit, Timeout.InfiniteTimeSpan);
        }
        if (_task.Role == DtlsRole.Client)
            Queue();
    }

    /// <summary>Takes a datagram of the peer: copied, never waited for. The calling thread does nothing else here.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!IsDtls(datagram) || _state == State.Over)
            return;
        _inbox.Put(datagram);
        if (_state == State.Keyed)
            Pump();
        // A handshake takes a thread no sooner than a peer begins it: 22 is its kind of record, 1 a ClientHello.
        else if (_state == State.Waiting && _task.Role == DtlsRole.Server && datagram.Length > 13 && datagram[0] == 22 && datagram[13] == 1)
            Queue();
    }

    /// <summary>Ends it, also in the middle of the handshake: its owner hears nothing more but what is on its way already.</summary>
    public void Dispose()
    {
        End(out _);
        _inbox.End();
    }

    private void Queue()
    {
        lock (_lock)
        {
            if (_state != State.Waiting)
                return;
            _state = State.Queued;
        }
        if (!_workers.TryRun(Shake))
            Fail(DtlsFault.Overloaded, "too many handshakes wait");
    }

    private void GiveUp() => Fail(DtlsFault.TimedOut, "the handshake was not done in time");

    /// <summary>On a thread of the workers: all of the handshake.</summary>
    private void Shake()
    {
        if (_state != State.Queued)
            return;
        DtlsOutcome outcome = Run();
        if (outcome.Keys is null)
        {
            Fail(outcome.Fault, outcome.Detail);
            return;
        }
        lock (_lock)
        {
            if (_state != State.Queued)
                return;
            _state = State.Keyed;
            _association = outcome.Association;
            _timer?.Dispose();
        }
        _task.Owner.Keyed(outcome.Keys);
        // What came while the last message went out, or comes between.
        if (!_inbox.IsEmpty)
            Pump();
    }

    // The library of DTLS is loaded where this is compiled, and so with the first handshake and not before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private DtlsOutcome Run() => DtlsHandshake.Run(_task, _inbox);

    /// <summary>Lets the association see what came after the handshake, on a thread of the pool: it does not wait.</summary>
    private void Pump()
    {
        lock (_lock)
        {
            if (_pumping || _state != State.Keyed)
                return;
            _pumping = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static session => session.PumpAll(), this, preferLocal: false);
    }

    private void PumpAll()
    {
        bool open = true;
        while (open && !_inbox.IsEmpty)
            open = _association!.Process();
        lock (_lock)
            _pumping = false;
        if (!open)
        {
            if (End(out _))
                _task.Owner.Closed();
        }
        else if (!_inbox.IsEmpty)
        {
            Pump();
        }
    }

    private void Fail(DtlsFault fault, string detail)
    {
        if (!End(out State before) || before == State.Keyed)
            return;
        _inbox.End();
        _task.Owner.Failed(fault, detail);
    }

    /// <summary>True for the one who ends it.</summary>
    private bool End(out State before)
    {
        lock (_lock)
        {
            before = _state;
            if (_state == State.Over)
                return false;
            _state = State.Over;
            _timer?.Dispose();
            return true;
        }
    }
}
