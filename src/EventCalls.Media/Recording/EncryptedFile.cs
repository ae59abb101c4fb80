using System.Security.Cryptography;

namespace EventCalls.Media.Recording;

/// <summary>A recording encrypted as it is written; each <see cref="Flush"/> ends a chunk, and up to the last one a file is readable whatever becomes of its writer.</summary>
internal sealed class EncryptedFile : RecordingFile
{
    private readonly Stream _stream;
    private readonly AesGcm _cipher;
    private readonly byte[] _plain = new byte[EncryptedFormat.MostOfAChunk];
    private readonly byte[] _chunk = new byte[EncryptedFormat.ChunkHeaderLength + EncryptedFormat.MostOfAChunk + EncryptedFormat.TagLength];
    private int _count;
    private long _index;
    private long _length;
    private bool _failed;

    /// <summary>Begins a file with a key of its own; the stream is the file's from here on, and empty.</summary>
    public EncryptedFile(Stream stream, RecordingKey key)
    {
        _stream = stream;
        Span<byte> own = stackalloc byte[RecordingKey.Length];
        RandomNumberGenerator.Fill(own);
        _cipher = new AesGcm(own, EncryptedFormat.TagLength);
        Span<byte> header = stackalloc byte[EncryptedFormat.HeaderLength];
        EncryptedFormat.Magic.CopyTo(header);
        key.Id.CopyTo(header[8..]);
        var nonce = header.Slice(EncryptedFormat.IdentityLength, EncryptedFormat.NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var wrapped = header.Slice(EncryptedFormat.IdentityLength + EncryptedFormat.NonceLength, RecordingKey.Length);
        using (var wrapping = key.Cipher())
            wrapping.Encrypt(nonce, own, wrapped, header[^EncryptedFormat.TagLength..], header[..EncryptedFormat.IdentityLength]);
        CryptographicOperations.ZeroMemory(own);
        _stream.Write(header);
        _length = header.Length;
    }

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override bool CanPatch => false;

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int fits = Math.Min(bytes.Length, _plain.Length - _count);
            bytes[..fits].CopyTo(_plain.AsSpan(_count));
            bytes = bytes[fits..];
            _count += fits;
            if (_count == _plain.Length)
                Seal(EncryptedFormat.Kind.More);
        }
    }

    /// <inheritdoc/>
    public override void Patch(long at, ReadOnlySpan<byte> bytes) => throw new NotSupportedException("What is encrypted is not written over.");

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_count > 0)
            Seal(EncryptedFormat.Kind.More);
        _stream.Flush();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        Seal(EncryptedFormat.Kind.Last);
        _stream.Flush();
    }

    /// <inheritdoc/>
    public override void CutBack()
    {
        try
        {
            _stream.SetLength(_length);
            _stream.Position = _length;
            _count = 0;
            Seal(EncryptedFormat.Kind.Repaired);
        }
        catch (IOException)
        {
            // The disk that failed the write fails this too; the reader says then that the end is missing.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher.Dispose();
        _stream.Dispose();
    }

    private void Seal(EncryptedFormat.Kind kind)
    {
        var chunk = _chunk.AsSpan(0, EncryptedFormat.ChunkHeaderLength + _count + EncryptedFormat.TagLength);
        var head = chunk[..EncryptedFormat.ChunkHeaderLength];
        EncryptedFormat.WriteChunkHeader(head, kind, _count);
        Span<byte> nonce = stackalloc byte[EncryptedFormat.NonceLength];
        // After a write that failed only the chunk that closes the file may have its number, as it has a nonce of its own kind.
        if (_failed && kind != EncryptedFormat.Kind.Repaired)
            throw new InvalidOperationException("The file ended with a write that failed.");
        _failed = true;
        EncryptedFormat.WriteNonce(nonce, kind, _index);
        _cipher.Encrypt(nonce, _plain.AsSpan(0, _count), chunk.Slice(head.Length, _count), chunk[^EncryptedFormat.TagLength..], head);
        _stream.Write(chunk);
        _failed = false;
        _index++;
        _length += chunk.Length;
        _count = 0;
    }
}
