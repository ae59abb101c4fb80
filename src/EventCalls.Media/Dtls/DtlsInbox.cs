namespace EventCalls.Media.Dtls;

/// <summary>Datagrams on their way from the thread of the relay to the one that shakes hands. Full, it drops: DTLS sends again.</summary>
/// <param name="workers">Whose threads wait here.</param>
/// <param name="time">The clock by which a peer is silent.</param>
internal sealed class DtlsInbox(DtlsWorkers workers, TimeProvider time)
{
    private const int Most = 64;
    private const int LookMilliseconds = 250;

    // Three times we have sent by then what a peer on any network answers in less.
    private static readonly TimeSpan s_silent = TimeSpan.FromSeconds(2);
    private readonly Queue<byte[]> _datagrams = new();
    private long _heard;
    private volatile bool _ended;

    /// <summary>Whether it takes nothing any more.</summary>
    public bool IsEnded => _ended;

    /// <summary>Whether the handshake ended for another that waited, as its peer said nothing.</summary>
    public bool GaveWay { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_datagrams)
                return _datagrams.Count == 0;
        }
    }

    /// <summary>Puts a copy in.</summary>
    public void Put(ReadOnlySpan<byte> datagram)
    {
        lock (_datagrams)
        {
            if (_ended || _datagrams.Count == Most)
                return;
            _datagrams.Enqueue(datagram.ToArray());
            Monitor.Pulse(_datagrams);
        }
    }

    /// <summary>Wakes up who waits; nothing comes any more.</summary>
    public void End()
    {
        lock (_datagrams)
        {
            _ended = true;
            _datagrams.Clear();
            Monitor.PulseAll(_datagrams);
        }
    }

    /// <summary>Notes that a thread waits from now on: from here on silence counts.</summary>
    public void Begin() => _heard = time.GetTimestamp();

    /// <summary>
    /// Takes the next, waiting so many milliseconds for it; returns its length, or -1 when none came. Throws once ended, and when a
    /// peer says nothing while other handshakes wait for its thread.
    /// </summary>
    public int Take(Span<byte> buffer, int milliseconds)
    {
        long from = time.GetTimestamp();
        while (true)
        {
            lock (_datagrams)
            {
                int left = milliseconds - (int)time.GetElapsedTime(from).TotalMilliseconds;
                if (_datagrams.Count == 0 && !_ended && left > 0)
                    Monitor.Wait(_datagrams, Math.Min(left, LookMilliseconds));
                if (_ended)
                    throw new IOException("the handshake was given up");
                if (_datagrams.TryDequeue(out byte[]? datagram))
                {
                    _heard = time.GetTimestamp();
                    // What is longer than the buffer is no record of ours: cut off it is dropped.
                    int length = Math.Min(datagram.Length, buffer.Length);
                    datagram.AsSpan(0, length).CopyTo(buffer);
                    return length;
                }
                if (time.GetElapsedTime(from).TotalMilliseconds >= milliseconds)
                    return -1;
            }
            if (time.GetElapsedTime(_heard) >= s_silent && workers.ShallGiveWay())
            {
                GaveWay = true;
                throw new IOException("the peer said nothing while other handshakes waited");
            }
        }
    }
}
