using EventCalls.Sip.Parsing;

namespace EventCalls.Import.Captures;

/// <summary>One direction of a TCP connection: segments in any order, repeated or overlapping, cut into SIP messages by the stack's own framing.</summary>
/// <remarks>
/// Where the beginning was not captured, or bytes are missing, reading goes on at the next line that begins like a message. What waits
/// for a missing segment is bounded; when the bound is reached the segment counts as lost.
/// </remarks>
internal sealed class TcpStream(NetEndPoint source, NetEndPoint destination)
{
    private const int MostWaitingBytes = 256 * 1024;
    private const int MostWaiting = 256;
    private const int FarBehind = 1 << 24;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly List<(uint Sequence, byte[] Bytes, int Missing)> _waiting = [];
    // Messages up to where a segment was not captured whole, the last of them cut.
    private Queue<(byte[] Bytes, bool IsCut)>? _beforeCut;
    // Only there while a message is being read, or was: most connections never need one.
    private StreamFramer? _framer;
    private DateTimeOffset _waitingSince;
    private int _waitingBytes;
    private uint _next;
    private bool _isSynchronized;
    private bool _isFresh;
    private bool _isOther;

    /// <summary>From where.</summary>
    public NetEndPoint Source => source;

    /// <summary>To where.</summary>
    public NetEndPoint Destination => destination;

    /// <summary>Its place in the order of last use.</summary>
    public LinkedListNode<TcpStream>? Place { get; set; }

    /// <summary>How much waits for a missing segment, bytes.</summary>
    public int WaitingBytes => _waitingBytes;

    /// <summary>Whether a message is being read, or could be: whether it is known what the connection carries.</summary>
    public bool IsReading => _framer is not null || _waiting.Count > 0;

    /// <summary>Takes a segment in; whole messages can be read afterwards.</summary>
    public void Add(in TcpSegment segment, DateTimeOffset time, long offset, ImportProblems problems)
    {
        uint sequence = segment.Sequence;
        if (segment.IsSyn)
        {
            Begin(++sequence);
        }
        else if (_isOther)
        {
            return;
        }
        var payload = segment.Payload.Span;
        if (payload.IsEmpty && segment.Missing == 0)
            return;
        if (!_isSynchronized)
        {
            _next = sequence;
            _isSynchronized = true;
        }
        int ahead = (int)(sequence - _next);
        if (ahead < -FarBehind)
        {
            // No repetition comes this late: the same ports again, and the beginning was not captured.
            Begin(sequence);
            _isFresh = false;
            ahead = 0;
        }
        if (ahead > 0)
        {
            Keep(sequence, payload, segment.Missing, time);
        }
        else
        {
            Take(payload, -ahead, segment.Missing);
            Drain();
        }
        if (_waiting.Count > 0 && (_waitingBytes > MostWaitingBytes || _waiting.Count > MostWaiting || time - _waitingSince > s_patience))
            PassOverGap(offset, problems);
    }

    /// <summary>Reads the next whole message; valid until the next segment is added.</summary>
    public bool TryRead(long offset, ImportProblems problems, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_framer is null)
            return false;
        if (_framer.TryRead(out message))
        {
            _isFresh = false;
            return true;
        }
        if (_framer.Failure is not StreamError.None and var failure)
        {
            // A connection that does not begin with SIP is one of something else, as most of a capture are.
            _isOther = _isFresh;
            if (!_isFresh)
                problems.AtOffset(offset, $"TCP from {source} to {destination}: {Explain(failure)}; reading goes on at the next message");
            _framer = null;
            _isFresh = false;
        }
        return false;
    }

    /// <summary>Takes what was read up to where a segment was not captured whole; false when there is nothing.</summary>
    /// <param name="message">A message, or the beginning of one; empty when only its loss is known.</param>
    /// <param name="isCut">Whether the rest of it is missing.</param>
    public bool TryTakeBeforeCut(out ReadOnlyMemory<byte> message, out bool isCut)
    {
        (message, isCut) = (default, false);
        if (_beforeCut is null || !_beforeCut.TryDequeue(out var taken))
            return false;
        (message, isCut) = taken;
        return true;
    }

    private void Begin(uint next)
    {
        // A repeated SYN: what is there already of this beginning is kept.
        if (_isSynchronized && _isFresh && next == _next)
            return;
        _waiting.Clear();
        _waitingBytes = 0;
        _next = next;
        _isSynchronized = true;
        _isOther = false;
        _isFresh = true;
        _framer = null;
    }

    private void Keep(uint sequence, ReadOnlySpan<byte> payload, int missing, DateTimeOffset time)
    {
        if (_waiting.Count == 0)
            _waitingSince = time;
        int index = _waiting.Count;
        while (index > 0 && (int)(_waiting[index - 1].Sequence - sequence) > 0)
            index--;
        if (index > 0 && _waiting[index - 1].Sequence == sequence && _waiting[index - 1].Bytes.Length >= payload.Length)
            return;
        _waiting.Insert(index, (sequence, payload.ToArray(), missing));
        _waitingBytes += payload.Length;
    }

    private void Drain()
    {
        int done = 0;
        while (done < _waiting.Count && (int)(_waiting[done].Sequence - _next) <= 0)
        {
            var (sequence, bytes, missing) = _waiting[done++];
            _waitingBytes -= bytes.Length;
            Take(bytes, (int)(_next - sequence), missing);
        }
        _waiting.RemoveRange(0, done);
    }

    /// <summary>Goes on behind a missing segment that will not come any more.</summary>
    public void PassOverGap(long offset, ImportProblems problems)
    {
        if (_waiting.Count == 0)
            return;
        uint missing = _waiting[0].Sequence - _next;
        if (_framer is not null)
            problems.AtOffset(offset, $"TCP from {source} to {destination}: {missing} bytes were not captured; reading goes on at the next message");
        _next = _waiting[0].Sequence;
        _framer = null;
        _isFresh = false;
        Drain();
    }

    private void Take(ReadOnlySpan<byte> payload, int known, int missing)
    {
        if (known >= payload.Length + missing)
            return;
        if (missing > 0)
        {
            TakeCut(payload[Math.Min(known, payload.Length)..]);
            _next += (uint)(payload.Length + missing - known);
            return;
        }
        payload = payload[known..];
        _next += (uint)payload.Length;
        if (_framer is null && !_isFresh)
        {
            int start = SipStart.Find(payload);
            if (start < 0)
                return;
            payload = payload[start..];
        }
        _framer ??= new StreamFramer();
        _framer.Append(payload);
    }

    // What begins in the segment is read like a datagram; a message that began before is lost with the rest.
    private void TakeCut(ReadOnlySpan<byte> payload)
    {
        int start = SipStart.Find(payload);
        if (start >= 0 || _framer is not null)
        {
            _beforeCut ??= new();
            while (_framer is not null && _framer.TryRead(out var whole))
                _beforeCut.Enqueue((whole.ToArray(), false));
            _beforeCut.Enqueue((start < 0 ? [] : payload[start..].ToArray(), true));
        }
        _framer = null;
        _isFresh = false;
    }

    private static string Explain(StreamError error) => error switch
    {
        StreamError.NoContentLength => "a message has no Content-Length, which it must have on a stream",
        StreamError.BadContentLength => "a message has a Content-Length that is no number, or two that differ",
        StreamError.TooLarge => "a message is larger than 64 KiB",
        _ => "what follows a message is not SIP",
    };
}
