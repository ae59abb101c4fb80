using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Spooling;

/// <summary>Reads what earlier runs left in the spool. What cannot be read is named and kept.</summary>
internal sealed class SpoolRemains(ILogger logger)
{
    /// <summary>The sound records of a file in order; null when the file is left as it is because it cannot be read.</summary>
    public (SpoolFile File, List<SpoolRecord> Records)? Read(string path)
    {
        SpoolFile? file = null;
        try
        {
            file = SpoolFile.OpenLeft(path);
            var bytes = file.ReadAll();
            if (bytes.Length < SpoolFrame.FileMark.Length && SpoolFrame.FileMark.StartsWith(bytes))
                return (file, []);
            if (!bytes.AsSpan().StartsWith(SpoolFrame.FileMark))
            {
                logger.LogError("{File} does not begin like a spool file of this version; it is left as it is, and what it holds is not stored. A newer version may read it.", path);
                file.Dispose();
                return null;
            }
            return (file, Records(file, bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            logger.LogError("The spool file {File} cannot be read; it is left as it is, and what it holds is not stored before a start that can read it: {Problem}", path, e.Message);
            return null;
        }
    }

    private List<SpoolRecord> Records(SpoolFile file, ReadOnlySpan<byte> bytes)
    {
        var records = new List<SpoolRecord>();
        int at = SpoolFrame.FileMark.Length;
        while (at < bytes.Length)
        {
            if (SpoolFrame.TryRead(bytes[at..], out int length, out int events))
            {
                records.Add(new SpoolRecord(file, at, length, events));
                at += SpoolFrame.HeaderBytes + length;
                continue;
            }
            var rest = bytes[at..];
            int next = SpoolFrame.NextSound(rest);
            Tell(file, rest, at, next);
            if (next < 0)
                break;
            at += next;
        }
        file.Owed = records.Count;
        return records;
    }

    private void Tell(SpoolFile file, ReadOnlySpan<byte> rest, int at, int next)
    {
        if (next < 0 && rest.TrimEnd((byte)0).IsEmpty)
            return;
        if (next < 0 && SpoolFrame.IsCutOff(rest))
        {
            logger.LogWarning("The last record of {File} was being written when the process ended, and nobody had acted on it; its {Bytes} bytes are passed over", file.Path, rest.Length);
            return;
        }
        file.IsDamaged = true;
        logger.LogError(
            "{File} is damaged: {Bytes} bytes from {Offset} on hold no sound record. The others are stored, and the file is kept as {Kept}.",
            file.Path, next < 0 ? rest.Length : next, at, file.Path + ".damaged");
    }
}
