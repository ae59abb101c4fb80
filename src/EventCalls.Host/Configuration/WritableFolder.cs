namespace EventCalls.Host.Configuration;

/// <summary>Whether a folder that the program keeps files in can be used where it is configured.</summary>
internal static class WritableFolder
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
