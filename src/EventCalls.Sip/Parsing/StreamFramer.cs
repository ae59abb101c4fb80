using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Parsing;

/// <summary>
/// Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3) and takes out the CRLF keep-alives (RFC 5626 §4.4.1).
/// After a <see cref="Failure"/> the connection must be closed: where the next message begins is unknown.
/// </summary>
public sealed class StreamFramer
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private int _scanned;
    private int _headerLength;
    private int _messageLength;
    private int _lineEnds;

    /// <summary>Why the stream cannot be read on; <see cref="StreamError.None"/> while it can.</summary>
    public StreamError Failure { get; private set; }

    /// <summary>How many double-CRLF pings are waiting to be answered with one CRLF each (RFC 5626 §3.5.1).</summary>
    public int Pings { get; private set; }

    /// <summary>Whether a message has begun that is not whole yet.</summary>
    public bool IsWithinMessage => _end > _start;

    /// <summary>Takes one waiting ping; the caller answers it with one CRLF.</summary>
    public bool TakePing()
    {
        if (Pings == 0)
            return false;
        Pings--;
        return true;
    }

    /// <summary>Adds received bytes. Messages read before are no longer valid afterwards.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Failure != StreamError.None || bytes.IsEmpty)
            return;
        if (_start == _end)
            _start = _end = 0;
        if (_buffer.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Reads the next whole message, valid until the next <see cref="Append"/>; false when more bytes are needed or after a failure.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (Failure != StreamError.None || !SkipLineEnds() || !TryFindHeader())
            return false;
        if (_end - _start < _messageLength)
            return false;
        message = _buffer.AsMemory(_start, _messageLength);
        _start += _messageLength;
        _scanned = _headerLength = _messageLength = _lineEnds = 0;
        return true;
    }

    /// <summary>Passes over line ends between messages; four bytes CR LF CR LF are a ping.</summary>
    private bool SkipLineEnds()
    {
        if (_scanned > 0 || _headerLength > 0)
            return true;
        while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
        {
            if (_buffer[_start++] == (byte)'\n' && ++_lineEnds == 2)
            {
                Pings++;
                _lineEnds = 0;
            }
        }
        return _start < _end;
    }

    private bool TryFindHeader()
    {
        if (_headerLength > 0)
            return true;
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (_scanned == 0 && bytes.IndexOfAnyExcept(SipText.TokenBytes) is 0)
            return Fail(StreamError.NotSip);
        while (true)
        {
            var found = bytes[_scanned..].IndexOf((byte)'\n');
            if (found < 0)
            {
                // Only whole lines count as scanned, so that a line end cut in two is seen as one.
                return bytes.Length > SipParser.MostBytes && Fail(StreamError.TooLarge);
            }
            var lineStart = _scanned;
            var lineEnd = lineStart + found;
            var line = bytes[lineStart..lineEnd];
            if (line is [] or [(byte)'\r'])
            {
                _headerLength = lineEnd + 1;
                return TryMeasure(bytes[.._headerLength]);
            }
            if (lineStart == 0 && line.IndexOf("SIP/"u8) < 0 && line.IndexOf("sip/"u8) < 0)
                return Fail(StreamError.NotSip);
            if (lineEnd + 1 > SipParser.MostBytes)
                return Fail(StreamError.TooLarge);
            _scanned = lineEnd + 1;
        }
    }

    private bool TryMeasure(ReadOnlySpan<byte> header)
    {
        var error = ContentLengthReader.Read(header, out var length);
        if (error != StreamError.None)
            return Fail(error);
        if (header.Length + length > SipParser.MostBytes)
            return Fail(StreamError.TooLarge);
        _messageLength = header.Length + (int)length;
        return true;
    }

    private bool Fail(StreamError error)
    {
        Failure = error;
        _buffer = [];
        _start = _end = 0;
        return false;
    }

    private void MakeRoom(int count)
    {
        var waiting = _end - _start;
        var target = _buffer.Length >= waiting + count ? _buffer : new byte[Math.Max(_buffer.Length * 2, waiting + count)];
        _buffer.AsSpan(_start, waiting).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = waiting;
    }
}
