namespace EventCalls.Store;

/// <summary>Whether a file that the program keeps can be written where it is configured.</summary>
public static class WritableFile
{
    // ENOSPC: a disk that is full may be free again, and is no matter of the configuration.
    private const int DiskFull = 28;

    /// <summary>Why not, with what to do; null when it can. The file itself is not made or changed.</summary>
    public static string? Problem(string path)
    {
        if (Directory.Exists(path))
            return "that is a folder; name a file";
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return File.Exists(folder) ? $"{folder} is a file and no folder; name another" : $"there is no folder {folder}: make it, or name another";
        try
        {
            if (File.Exists(path))
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            // A database keeps further files beside its own.
            string trial = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
            using var beside = new FileStream(trial, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"user {Environment.UserName} may not write there: give the user the right to write the file and its folder, or name another";
        }
        catch (IOException e)
        {
            return (e.HResult & 0xFFFF) == DiskFull ? null : $"it cannot be written ({e.Message}): name another";
        }
    }
}

/// <summary>Whether a folder that the program keeps files in can be used where it is configured.</summary>
public static class WritableFolder
{
    /// <summary>Why not, with what to do; null when it can. It is made at the start, so it need not be there; nothing is made here.</summary>
    public static string? Problem(string path)
    {
        string? there = Path.GetFullPath(path);
        while (there is not null && !Directory.Exists(there))
        {
            if (File.Exists(there))
                return $"{there} is a file and no folder; name another";
            there = Path.GetDirectoryName(there);
        }
        return WritableFile.Problem(Path.Combine(there ?? "/", ".eventcalls"));
    }
}
