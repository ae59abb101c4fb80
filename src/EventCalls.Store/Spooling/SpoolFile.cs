using Microsoft.Win32.SafeHandles;

namespace EventCalls.Store.Spooling;

/// <summary>One file of the spool. It is written from front to back, and deleted when the store has all of it.</summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly long _capacity;

    private SpoolFile(string path, SafeFileHandle handle, long end, long capacity)
    {
        Path = path;
        _handle = handle;
        End = end;
        _capacity = capacity;
    }

    public string Path { get; }

    /// <summary>Where the next record goes.</summary>
    public long End { get; private set; }

    /// <summary>Records that the store does not have yet.</summary>
    public int Owed { get; set; }

    /// <summary>No record is added any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Part of it could not be read: it is kept for people, under another name.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Makes a file whose room is reserved on the disk.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public static SpoolFile Create(string path, long capacity)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, capacity);
        try
        {
            RandomAccess.Write(handle, SpoolFrame.FileMark, 0);
            return new SpoolFile(path, handle, SpoolFrame.FileMark.Length, capacity);
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>A file that grows over many runs.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static SpoolFile OpenOrCreate(string path)
    {
        if (!File.Exists(path))
            return Create(path, 0);
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        return new SpoolFile(path, handle, RandomAccess.GetLength(handle), capacity: 0);
    }

    /// <summary>A file that another run left; it is only read.</summary>
    public static SpoolFile OpenLeft(string path) => new(path, File.OpenHandle(path), end: 0, capacity: 0) { IsClosed = true };

    /// <summary>There is no record in it.</summary>
    public bool IsEmpty => End <= SpoolFrame.FileMark.Length;

    /// <summary>Whether so many bytes still fit.</summary>
    public bool Fits(int length) => End + length <= _capacity;

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was.</exception>
    public SpoolRecord Append(ReadOnlySpan<byte> frame, int events, bool flush)
    {
        try
        {
            RandomAccess.Write(_handle, frame, End);
            if (flush)
                RandomAccess.FlushToDisk(_handle);
        }
        catch
        {
            Cut();
            throw;
        }
        var record = new SpoolRecord(this, End, frame.Length - SpoolFrame.HeaderBytes, events);
        End += frame.Length;
        Owed++;
        return record;
    }

    /// <summary>The payload of a record.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] Read(SpoolRecord record)
    {
        var payload = new byte[record.Length];
        ReadInto(payload, record.Offset + SpoolFrame.HeaderBytes);
        return payload;
    }

    /// <summary>All of it.</summary>
    public byte[] ReadAll()
    {
        var bytes = new byte[RandomAccess.GetLength(_handle)];
        ReadInto(bytes, 0);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();

    private void ReadInto(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException($"{Path} ends at {offset} and should not.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    // What of the record is there already must not stay in front of the next one.
    private void Cut()
    {
        try
        {
            RandomAccess.SetLength(_handle, End);
        }
        catch (IOException)
        {
            // The next record is written over it, and reading passes over what is no record.
        }
    }
}
