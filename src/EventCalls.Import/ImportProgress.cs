namespace EventCalls.Import;

/// <summary>How far an import is.</summary>
/// <param name="File">The file that is read now.</param>
/// <param name="Bytes">How many bytes of all files were read.</param>
/// <param name="TotalBytes">How many they hold.</param>
/// <param name="Calls">How many calls were found so far.</param>
public readonly record struct ImportProgress(string File, long Bytes, long TotalBytes, long Calls);
