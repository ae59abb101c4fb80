using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Composition;

/// <summary>Deletes recordings by what calls say of them.</summary>
internal static class RecordingDeletion
{
    /// <summary>Deletes what a call of a node names, from the configured folder alone; null when it is gone, else why it is not.</summary>
    public static Func<string, string, string?> Of(TelephonyOptions options)
    {
        var recordings = new MediaRecordings(options.Media.Recordings, null);
        return (node, location) => recordings.Delete(location, out var access) is { } why ? why
            // One of this node's was deleted before.
            : access == RecordingAccess.Missing && node != options.Node ? "it is not on this machine; delete it there, or run this there"
            : null;
    }
}
