using System.Security.Cryptography;

namespace EventCalls.Media.Recording;

/// <summary>An encrypted recording read as what is in it, from anywhere in it: each chunk is checked when it is read. Owns the file. For one reader at a time.</summary>
internal sealed class DecryptedRecording : Stream
{
    private readonly Stream _file;
    private readonly string _name;
    private readonly AesGcm _cipher;
    private readonly List<Chunk> _chunks = [];
    private readonly byte[] _chunk = new byte[EncryptedFormat.ChunkHeaderLength + EncryptedFormat.MostOfAChunk + EncryptedFormat.TagLength];
    private readonly byte[] _clear = new byte[EncryptedFormat.MostOfAChunk];
    private readonly long _length;
    private int _current = -1;
    private long _position;

    /// <summary>Opens a file, and checks its first chunk.</summary>
    /// <param name="file">The encrypted file, from its begin; can seek.</param>
    /// <param name="name">The file's name for errors.</param>
    /// <param name="keys">The keys that may have been used.</param>
    /// <exception cref="RecordingUnreadableException">None of the keys, or the file was changed.</exception>
    public DecryptedRecording(Stream file, string name, IEnumerable<RecordingKey> keys)
    {
        (_file, _name) = (file, name);
        _cipher = EncryptedRecording.Open(file, name, keys);
        try
        {
            _length = FindChunks();
            if (_chunks.Count > 0)
                Load(0);
        }
        catch
        {
            _cipher.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("A position before the begin.");
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => _length });

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_position >= _length || buffer.IsEmpty)
            return 0;
        Load(Find(_position));
        var chunk = _chunks[_current];
        int from = (int)(_position - chunk.Begin);
        int count = Math.Min(buffer.Length, chunk.Length - from);
        _clear.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new ValueTask<int>(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher.Dispose();
            _file.Dispose();
            CryptographicOperations.ZeroMemory(_clear);
        }
        base.Dispose(disposing);
    }

    // By their heads alone: what a recording that was cut off has behind its last whole chunk is left out.
    private long FindChunks()
    {
        long total = 0;
        Span<byte> head = stackalloc byte[EncryptedFormat.ChunkHeaderLength];
        for (long at = _file.Position; _file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length;)
        {
            if (!EncryptedFormat.TryReadChunkHeader(head, out var kind, out int length))
                throw new RecordingUnreadableException(_name, "was changed: restore it from a copy");
            long next = at + head.Length + length + EncryptedFormat.TagLength;
            if (next > _file.Length)
                break;
            _chunks.Add(new Chunk(at, total, length));
            total += length;
            if (kind != EncryptedFormat.Kind.More && next != _file.Length)
                throw new RecordingUnreadableException(_name, "something was added behind its end: restore it from a copy");
            _file.Position = at = next;
        }
        return total;
    }

    private int Find(long position)
    {
        int low = 0;
        int high = _chunks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_chunks[middle].Begin <= position)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private void Load(int index)
    {
        if (index == _current)
            return;
        _current = -1;
        _file.Position = _chunks[index].At;
        int length = EncryptedRecording.ReadChunk(_file, _chunk, _name, out var kind);
        if (length != _chunks[index].Length)
            throw new RecordingUnreadableException(_name, "was changed while it was read");
        EncryptedRecording.Open(_cipher, _chunk, length, kind, index, _clear, _name);
        if (index == 0)
            WavEncoding.SetSizes(_clear.AsSpan(0, length), _length);
        _current = index;
    }

    private readonly record struct Chunk(long At, long Begin, int Length);
}
