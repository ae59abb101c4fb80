namespace EventCalls.Import.Captures;

/// <summary>A capture's bytes with a window to look ahead in, so that reading can go on behind damage without the file being kept.</summary>
internal sealed class CaptureStream(Stream stream) : IDisposable
{
    /// <summary>How far one can look ahead, bytes.</summary>
    public const int Window = 1 << 20;

    private readonly byte[] _buffer = new byte[2 * Window];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The offset of the next byte; of the unpacked bytes where the file is compressed.</summary>
    public long Position { get; private set; }

    /// <summary>Why the bytes end early (a compressed file that is damaged, a disk that fails); null when they do not.</summary>
    public string? Failure { get; private set; }

    /// <summary>The next bytes; fewer than asked for at the end. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Peek(int count)
    {
        if (_end - _start < count)
            Fill(count);
        return _buffer.AsMemory(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Passes over bytes; false when the end comes first.</summary>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            if (_start == _end)
                Fill(1);
            int step = (int)Math.Min(count, _end - _start);
            if (step == 0)
                return false;
            _start += step;
            Position += step;
            count -= step;
        }
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    private void Fill(int count)
    {
        if (_buffer.Length - _start < count)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        while (!_isAtEnd && _end - _start < count)
        {
            int read = Read();
            _end += read;
            _isAtEnd = read == 0;
        }
        if (_start == _end)
            _start = _end = 0;
    }

    private int Read()
    {
        try
        {
            return stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            Failure = e.Message;
            return 0;
        }
    }
}
