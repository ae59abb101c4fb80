namespace EventCalls.Media.Dtls;

/// <summary>Datagrams on their way from the thread of the relay to the one that shakes hands. Full, it drops: DTLS sends again.</summary>
internal sealed class DtlsInbox
{
    private const int Most = 64;
    private readonly Queue<byte[]> _datagrams = new();
    private volatile bool _ended;

    /// <summary>Whether it takes nothing any more.</summary>
    public bool IsEnded => _ended;

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

    /// <summary>Takes the next, waiting so many milliseconds for it; returns its length, or -1 when none came. Throws once ended.</summary>
    public int Take(Span<byte> buffer, int milliseconds)
    {
        lock (_datagrams)
        {
            if (_datagrams.Count == 0 && !_ended)
                Monitor.Wait(_datagrams, milliseconds);
            if (_ended)
                throw new IOException("The handshake was given up.");
            if (!_datagrams.TryDequeue(out byte[]? datagram))
                return -1;
            // What is longer than the buffer is no record of ours: cut off it is dropped.
            int length = Math.Min(datagram.Length, buffer.Length);
            datagram.AsSpan(0, length).CopyTo(buffer);
            return length;
        }
    }
}
