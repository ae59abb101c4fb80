namespace EventCalls.Media.Audio;

/// <summary>An audio file cannot be used; the message names the file and says what to do.</summary>
internal sealed class AudioFileException(string path, string what, Exception? cause = null) : Exception($"'{path}': {what}", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
