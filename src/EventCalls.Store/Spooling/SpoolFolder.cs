using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EventCalls.Store.Spooling;

/// <summary>The spool's folder: its lock, the names of its files, and room for the next one.</summary>
internal sealed partial class SpoolFolder : IDisposable
{
    private const string Extension = ".spool";
    private const int SmallestFile = 4 * 1024;

    private readonly SpoolOptions _options;
    private SafeFileHandle _lock;
    private long _number;
    private long _size = SmallestFile;

    private SpoolFolder(SpoolOptions options, SafeFileHandle held)
    {
        _options = options;
        _lock = held;
    }

    public string Path => _options.Folder;

    /// <summary>Where records are kept that the store does not take.</summary>
    public string Refused => System.IO.Path.Combine(Path, "refused" + Extension);

    /// <exception cref="SpoolException">It cannot be made or written, or another process has it.</exception>
    public static SpoolFolder Open(SpoolOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(options.Folder, $"{e.Message} Give this user the right to make and write it, or name another folder.", e);
        }
        try
        {
            return new SpoolFolder(options, Lock(options));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpoolException(options.Folder, $"{e.Message} Give this user the right to write it, or name another folder.", e);
        }
        catch (IOException e)
        {
            throw new SpoolException(options.Folder, $"{e.Message} If another process uses it, end that one or name another folder for one of them; if its disk is full, make room.", e);
        }
    }

    /// <summary>Whether the folder and a file of it are still there.</summary>
    public bool Has(SpoolFile? file) => File.Exists(LockOf(_options)) && (file is null || File.Exists(file.Path));

    /// <summary>Makes the folder again when somebody has removed it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Restore()
    {
        try
        {
            Directory.CreateDirectory(Path);
            if (File.Exists(LockOf(_options)))
                return;
            var held = Lock(_options);
            _lock.Dispose();
            _lock = held;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>The files that earlier runs left, the oldest first.</summary>
    public IReadOnlyList<string> Left()
    {
        var left = new List<(long Number, string Path)>();
        foreach (string path in Directory.EnumerateFileSystemEntries(Path, "*" + Extension + "*"))
        {
            string name = System.IO.Path.GetFileName(path);
            if (!long.TryParse(name.AsSpan(0, name.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                continue;
            // Kept ones count too: their numbers are not given again.
            _number = Math.Max(_number, number);
            if (name.EndsWith(Extension, StringComparison.Ordinal))
                left.Add((number, path));
        }
        left.Sort();
        return [.. left.Select(l => l.Path)];
    }

    /// <summary>Makes the next file, with its room reserved, so that what it is to take is not refused for want of room.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public SpoolFile Create(int needed)
    {
        string path = System.IO.Path.Combine(Path, (_number + 1).ToString("D10", CultureInfo.InvariantCulture) + Extension);
        try
        {
            var file = SpoolFile.Create(path, Math.Max(Size(), needed + SpoolFrame.FileMark.Length));
            _number++;
            if (_options.FlushToDisk)
                FlushNames();
            return file;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Renames a file that people are to look at; its new name.</summary>
    public static string Keep(string path)
    {
        File.Move(path, path + ".damaged", overwrite: true);
        return path + ".damaged";
    }

    public void Dispose() => _lock.Dispose();

    private static string LockOf(SpoolOptions options) => System.IO.Path.Combine(options.Folder, "lock");

    private static SafeFileHandle Lock(SpoolOptions options) => File.OpenHandle(LockOf(options), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    // The store may lie on the same disk: two files of the spool take a quarter of a small one. A disk that fills up makes no file smaller: what
    // is reserved is to take what the open calls still bring.
    private long Size()
    {
        long free = new DriveInfo(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(System.IO.Path.GetFullPath(Path))! : Path).AvailableFreeSpace;
        long most = Math.Max(SmallestFile, Math.Min(_options.SegmentBytes, _options.MaxBytes / 4));
        return _size = Math.Max(_size, Math.Clamp(free / 8, SmallestFile, most));
    }

    // A new file's name is on the disk only when its folder is.
    private void FlushNames()
    {
        if (OperatingSystem.IsWindows())
            return;
        int folder = OpenFile(Path, 0);
        if (folder < 0)
            throw new IOException($"{Path} cannot be opened to be flushed (errno {Marshal.GetLastPInvokeError()}).");
        int flushed = Flush(folder);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (flushed != 0)
            throw new IOException($"{Path} cannot be flushed to the disk (errno {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
