using System.Security.Cryptography;

namespace EventCalls.Media.Recording;

/// <summary>Reads encrypted recordings, and closes those whose writer was ended.</summary>
internal static class EncryptedRecording
{
    /// <summary>What a file's name ends with, behind the ending of what is in it.</summary>
    public const string Ending = ".enc";

    /// <summary>Decrypts a recording; how it ended. A WAV file gets the sizes that it has now.</summary>
    /// <param name="file">The encrypted file, from its begin; can seek.</param>
    /// <param name="name">The file's name for errors.</param>
    /// <param name="keys">The keys that may have been used.</param>
    /// <param name="plain">Gets the recording.</param>
    /// <exception cref="RecordingUnreadableException">None of the keys, or the file was changed.</exception>
    public static RecordingEnding Decrypt(Stream file, string name, IEnumerable<RecordingKey> keys, Stream plain)
    {
        using var cipher = Open(file, name, keys);
        long total = Measure(file);
        var chunk = new byte[EncryptedFormat.ChunkHeaderLength + EncryptedFormat.MostOfAChunk + EncryptedFormat.TagLength];
        var clear = new byte[EncryptedFormat.MostOfAChunk];
        for (long index = 0; ; index++)
        {
            int length = ReadChunk(file, chunk, name, out var kind);
            if (length < 0)
                return RecordingEnding.CutOff;
            Open(cipher, chunk, length, kind, index, clear, name);
            if (index == 0)
                WavEncoding.SetSizes(clear.AsSpan(0, length), total);
            plain.Write(clear, 0, length);
            if (kind == EncryptedFormat.Kind.More)
                continue;
            if (file.Position != file.Length)
                throw new RecordingUnreadableException(name, "something was added behind its end: restore it from a copy");
            return kind == EncryptedFormat.Kind.Last ? RecordingEnding.Whole : RecordingEnding.Repaired;
        }
    }

    /// <summary>Closes a file whose writer was ended: what is whole stays, and its end is marked. Without the key that wrote it, it stays as it is.</summary>
    /// <exception cref="RecordingUnreadableException">It is none, its key is not here, or it was changed.</exception>
    public static void Repair(Stream file, string name, IEnumerable<RecordingKey> keys)
    {
        using var cipher = Open(file, name, keys);
        var chunk = new byte[EncryptedFormat.ChunkHeaderLength + EncryptedFormat.MostOfAChunk + EncryptedFormat.TagLength];
        long end = file.Position;
        long index = 0;
        for (; ReadChunk(file, chunk, name, out var kind) is var length and >= 0; index++)
        {
            if (kind != EncryptedFormat.Kind.More)
                return;
            end += EncryptedFormat.ChunkHeaderLength + length + EncryptedFormat.TagLength;
        }
        file.SetLength(end);
        file.Position = end;
        var last = chunk.AsSpan(0, EncryptedFormat.ChunkHeaderLength + EncryptedFormat.TagLength);
        EncryptedFormat.WriteChunkHeader(last, EncryptedFormat.Kind.Repaired, 0);
        Span<byte> nonce = stackalloc byte[EncryptedFormat.NonceLength];
        EncryptedFormat.WriteNonce(nonce, EncryptedFormat.Kind.Repaired, index);
        cipher.Encrypt(nonce, [], [], last[EncryptedFormat.ChunkHeaderLength..], last[..EncryptedFormat.ChunkHeaderLength]);
        file.Write(last);
        file.Flush();
    }

    /// <summary>Reads a file's header and unwraps its key; the file is at its first chunk then.</summary>
    /// <exception cref="RecordingUnreadableException">None of the keys, or the header was changed.</exception>
    public static AesGcm Open(Stream file, string name, IEnumerable<RecordingKey> keys)
    {
        Span<byte> header = stackalloc byte[EncryptedFormat.HeaderLength];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.StartsWith(EncryptedFormat.Magic))
            throw new RecordingUnreadableException(name, "is no encrypted recording of this version");
        RecordingKey? key = null;
        foreach (var candidate in keys)
        {
            if (candidate.Id.SequenceEqual(header[8..EncryptedFormat.IdentityLength]))
                key ??= candidate;
        }
        if (key is null)
            throw new RecordingUnreadableException(name, $"was encrypted with the key {Convert.ToHexString(header[8..EncryptedFormat.IdentityLength])}, which is not here: give that key");
        Span<byte> own = stackalloc byte[RecordingKey.Length];
        try
        {
            using var unwrapping = key.Cipher();
            unwrapping.Decrypt(
                header.Slice(EncryptedFormat.IdentityLength, EncryptedFormat.NonceLength),
                header.Slice(EncryptedFormat.IdentityLength + EncryptedFormat.NonceLength, RecordingKey.Length),
                header[^EncryptedFormat.TagLength..],
                own,
                header[..EncryptedFormat.IdentityLength]);
            return new AesGcm(own, EncryptedFormat.TagLength);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new RecordingUnreadableException(name, "its header was changed: restore it from a copy", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>Decrypts a chunk with what stands before and behind it.</summary>
    /// <exception cref="RecordingUnreadableException">It is not the one of that place.</exception>
    public static void Open(AesGcm cipher, byte[] chunk, int length, EncryptedFormat.Kind kind, long index, byte[] clear, string name)
    {
        Span<byte> nonce = stackalloc byte[EncryptedFormat.NonceLength];
        EncryptedFormat.WriteNonce(nonce, kind, index);
        var head = chunk.AsSpan(0, EncryptedFormat.ChunkHeaderLength);
        try
        {
            cipher.Decrypt(nonce, chunk.AsSpan(head.Length, length), chunk.AsSpan(head.Length + length, EncryptedFormat.TagLength), clear.AsSpan(0, length), head);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new RecordingUnreadableException(name, $"part {index + 1} was changed, moved or left out: restore it from a copy", e);
        }
    }

    /// <summary>Reads a chunk with what stands before and behind it; its length, -1 where the file ends, within a chunk or before one.</summary>
    public static int ReadChunk(Stream file, byte[] chunk, string name, out EncryptedFormat.Kind kind)
    {
        kind = default;
        if (file.ReadAtLeast(chunk.AsSpan(0, EncryptedFormat.ChunkHeaderLength), EncryptedFormat.ChunkHeaderLength, throwOnEndOfStream: false) < EncryptedFormat.ChunkHeaderLength)
            return -1;
        if (!EncryptedFormat.TryReadChunkHeader(chunk, out kind, out int length))
            throw new RecordingUnreadableException(name, "was changed: restore it from a copy");
        int rest = length + EncryptedFormat.TagLength;
        return file.ReadAtLeast(chunk.AsSpan(EncryptedFormat.ChunkHeaderLength, rest), rest, throwOnEndOfStream: false) < rest ? -1 : length;
    }

    // How much is in it, by the lengths of its chunks alone.
    private static long Measure(Stream file)
    {
        long begin = file.Position;
        long total = 0;
        Span<byte> head = stackalloc byte[EncryptedFormat.ChunkHeaderLength];
        while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && EncryptedFormat.TryReadChunkHeader(head, out _, out int length))
        {
            if (file.Position + length + EncryptedFormat.TagLength > file.Length)
                break;
            file.Position += length + EncryptedFormat.TagLength;
            total += length;
        }
        file.Position = begin;
        return total;
    }
}
