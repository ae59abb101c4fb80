namespace EventCalls.Replay.Audit;

/// <summary>The file an export goes to. It gets its name when it is complete, so that half an export is not taken for a whole one.</summary>
internal sealed class ExportFile(string path)
{
    private readonly string _path = Path.GetFullPath(path);

    // What is not a file of its own (/dev/stdout, a shell's /dev/fd/63) cannot be replaced; it is written to as it is.
    private bool IsDirect => _path.StartsWith("/dev/", StringComparison.Ordinal) || _path.StartsWith("/proc/", StringComparison.Ordinal);

    private string Partial => _path + ".partial";

    /// <summary>Opens it for writing.</summary>
    /// <exception cref="IOException">It is a folder, or cannot be written.</exception>
    public FileStream Open()
    {
        if (Directory.Exists(_path))
            throw new IOException("It is a folder.");
        return IsDirect
            ? new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
            : new FileStream(Partial, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Everything is written.</summary>
    public void Finish()
    {
        if (!IsDirect)
            File.Move(Partial, _path, overwrite: true);
    }

    /// <summary>Removes what was written so far.</summary>
    public void Discard()
    {
        if (!IsDirect)
            File.Delete(Partial);
    }
}
