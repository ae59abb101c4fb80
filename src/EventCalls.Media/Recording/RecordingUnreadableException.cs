namespace EventCalls.Media.Recording;

/// <summary>A recording cannot be read; the message names the file and says what to do.</summary>
internal sealed class RecordingUnreadableException(string name, string what, Exception? cause = null) : Exception($"'{name}': {what}", cause);
