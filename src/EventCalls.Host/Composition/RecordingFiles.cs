using EventCalls.Console;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Composition;

/// <summary>The recordings in the configured folder, as the console opens them.</summary>
internal sealed class RecordingFiles(MediaOptions media) : IRecordingFiles
{
    private readonly MediaRecordings _recordings = new(media.Recordings, media.RecordingKey);

    public RecordingPlace Find(string location) => PlaceOf(_recordings.Find(location));

    public OpenedRecording Open(string location)
    {
        var audio = _recordings.Open(location, out var access, out string? why);
        return new OpenedRecording(PlaceOf(access), audio, why);
    }

    public bool IsOpus(string location) => MediaRecordings.IsOpus(location);

    public IReadOnlyList<byte[]>? Peaks(Stream audio, bool isOpus, int parts, CancellationToken cancellationToken) => MediaRecordings.Peaks(audio, isOpus, parts, cancellationToken);

    private static RecordingPlace PlaceOf(RecordingAccess access) => access switch
    {
        RecordingAccess.Readable => RecordingPlace.Here,
        RecordingAccess.Missing => RecordingPlace.Missing,
        RecordingAccess.Outside => RecordingPlace.Outside,
        _ => RecordingPlace.Unreadable,
    };
}
