namespace EventCalls.Media.Recording;

/// <summary>The folder of recordings: what a process that was ended left is made whole, and what is too old is deleted.</summary>
internal static class RecordingFolder
{
    private static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
    private static readonly string[] s_endings = [".wav", ".opus", ".wav" + EncryptedRecording.Ending, ".opus" + EncryptedRecording.Ending];

    /// <summary>Makes the unfinished recordings whole whose writer lives no more, and gives them their names; which those are. What cannot be mended stays.</summary>
    public static IReadOnlyList<RecordingRepair> Repair(string folder, IReadOnlyList<RecordingKey> keys)
    {
        var repaired = new List<RecordingRepair>();
        if (!Directory.Exists(folder))
            return repaired;
        foreach (string path in Directory.EnumerateFiles(folder, "*" + RecordingSettings.Unfinished, s_all).ToList())
        {
            string name = path[..^RecordingSettings.Unfinished.Length];
            if (!IsOurs(name))
                continue;
            try
            {
                if (Repair(path, name, keys))
                    repaired.Add(new RecordingRepair(name, null));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or RecordingUnreadableException)
            {
                repaired.Add(new RecordingRepair(path, e.Message));
            }
        }
        return repaired;
    }

    /// <summary>Deletes the recordings last written to before a time, and folders that are empty with that; how many recordings. Other files and unfinished ones stay.</summary>
    public static int Expire(string folder, DateTimeOffset before)
    {
        int deleted = 0;
        if (!Directory.Exists(folder))
            return deleted;
        foreach (string path in Directory.EnumerateFiles(folder, "*", s_all).Where(IsOurs).ToList())
        {
            try
            {
                if (File.GetLastWriteTimeUtc(path) >= before.UtcDateTime)
                    continue;
                File.Delete(path);
                deleted++;
                DeleteEmpty(Path.GetDirectoryName(path)!, Path.GetFullPath(folder));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is open somewhere, or not ours to delete: the next time tries again.
            }
        }
        return deleted;
    }

    /// <summary>Whether a name is one of a finished recording.</summary>
    public static bool IsOurs(string path) => s_endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Deletes a folder that is empty, and those above it that are with that, up to the root.</summary>
    public static void DeleteEmpty(string folder, string root)
    {
        while (folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private static bool Repair(string path, string name, IReadOnlyList<RecordingKey> keys)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Its writer lives.
            return false;
        }
        using (file)
        {
            if (name.EndsWith(EncryptedRecording.Ending, StringComparison.Ordinal))
                EncryptedRecording.Repair(file, path, keys);
            else if (name.EndsWith(".wav", StringComparison.Ordinal) ? !WavEncoding.Repair(file) : !OggPage.Repair(file))
                throw new RecordingUnreadableException(path, "holds nothing yet: delete it");
        }
        File.Move(path, name, overwrite: false);
        return true;
    }
}

/// <summary>A recording that was left unfinished: where it is now, and why it could not be mended where it could not.</summary>
internal readonly record struct RecordingRepair(string Location, string? Error);
