using System.IO.MemoryMappedFiles;

namespace EventCalls.Routing.Deciders;

/// <summary>A few bytes of memory shared with a decider, in which it notes the decision it begins: when it dies, its parent knows with which one.</summary>
internal sealed unsafe class BeganMark : IDisposable
{
    private const int Size = 64;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _began;

    private BeganMark(string path, MemoryMappedFile file)
    {
        Path = path;
        _file = file;
        _view = file.CreateViewAccessor(0, Size);
        byte* at = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
        _began = (long*)at;
    }

    /// <summary>The file by which the other process finds it.</summary>
    public string Path { get; }

    /// <summary>The decision that is being taken; less than 0 for loading what it needs; 0 for none.</summary>
    public long Current
    {
        get => Volatile.Read(ref *_began);
        set => Volatile.Write(ref *_began, value);
    }

    public static BeganMark Create()
    {
        string folder = Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();
        string path = System.IO.Path.Combine(folder, $"eventcalls-decider-{Guid.CreateVersion7():N}");
        return new BeganMark(path, MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, mapName: null, Size));
    }

    public static BeganMark Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new BeganMark(path, MemoryMappedFile.CreateFromFile(stream, mapName: null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false));
    }

    /// <summary>Removes the name: both have the memory, and nothing is left behind whoever is killed.</summary>
    public void Unlink()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where a file in use cannot be deleted it is when it is disposed.
        }
    }

    // The memory itself goes with this object: whoever watches the process may look at it at this moment.
    public void Dispose()
    {
        _file.Dispose();
        Unlink();
    }
}
