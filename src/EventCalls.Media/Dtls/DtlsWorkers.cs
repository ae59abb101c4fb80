namespace EventCalls.Media.Dtls;

/// <summary>
/// The threads on which handshakes wait for their peers: so many at most, begun when needed and ended when idle, and so many
/// handshakes in a queue behind them. Where all are taken, peers that say nothing give way to those in the queue.
/// </summary>
internal sealed class DtlsWorkers : IDisposable
{
    /// <summary>How many threads there are at most, unless said otherwise.</summary>
    public const int DefaultThreads = 128;

    /// <summary>How many handshakes wait for a thread at most, unless said otherwise.</summary>
    public const int DefaultWaiting = 1024;

    private const int StackSize = 512 * 1024;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);
    private readonly Queue<Action> _waiting = new();
    private readonly int _mostThreads;
    private readonly int _mostWaiting;
    private int _threads;
    private int _idle;
    private int _givingWay;
    private bool _ended;

    public DtlsWorkers(int threads = DefaultThreads, int waiting = DefaultWaiting)
    {
        _mostThreads = threads;
        _mostWaiting = waiting;
    }

    /// <summary>How many threads there are now.</summary>
    public int Threads
    {
        get
        {
            lock (_waiting)
                return _threads;
        }
    }

    /// <summary>Runs the work on a thread of its own as soon as one is free; false when too much waits, or after the end. It must not throw.</summary>
    public bool TryRun(Action work)
    {
        lock (_waiting)
        {
            if (_ended || _waiting.Count >= _mostWaiting)
                return false;
            _waiting.Enqueue(work);
            if (_idle >= _waiting.Count)
            {
                Monitor.Pulse(_waiting);
            }
            else if (_threads < _mostThreads)
            {
                _threads++;
                new Thread(Work, StackSize) { IsBackground = true, Name = "DTLS handshake" }.Start();
            }
            return true;
        }
    }

    /// <summary>Asks of work whose peer says nothing whether it shall end, for one that waits: true for so many as wait, and not while a thread is free.</summary>
    public bool ShallGiveWay()
    {
        lock (_waiting)
        {
            if (_waiting.Count <= _givingWay || _threads < _mostThreads)
                return false;
            _givingWay++;
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_waiting)
        {
            _ended = true;
            _waiting.Clear();
            Monitor.PulseAll(_waiting);
        }
    }

    private void Work()
    {
        while (Next() is { } work)
            work();
    }

    private Action? Next()
    {
        lock (_waiting)
        {
            while (true)
            {
                if (!_ended && _waiting.TryDequeue(out Action? work))
                {
                    _givingWay = Math.Max(0, _givingWay - 1);
                    return work;
                }
                _idle++;
                bool woken = !_ended && Monitor.Wait(_waiting, s_idle);
                _idle--;
                if (_ended || !woken && _waiting.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }
        }
    }
}
