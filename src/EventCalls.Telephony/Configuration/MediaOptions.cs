namespace EventCalls.Telephony.Configuration;

/// <summary>Where the media of calls goes, and by which ports.</summary>
public sealed record MediaOptions
{
    /// <summary>Where the media of calls goes whose trunks do not say.</summary>
    public MediaMode Mode { get; init; }

    /// <summary>The rtpengines of calls whose media goes through one, as <c>udp://ADDRESS:PORT</c> of their NG protocol; a new call takes the next one that answers.</summary>
    public IReadOnlyList<string> Rtpengine { get; init; } = [];

    /// <summary>Whether the rtpengines send this node a copy of all that is said, so that digits in it are events; without it only of calls that are recorded or monitored.</summary>
    public bool RtpengineDigits { get; init; }

    /// <summary>The ports that anchored media may use, and copies of an rtpengine, as <c>first-last</c>; a leg takes two of them for each of its streams.</summary>
    public string Ports { get; init; } = "20000-29999";

    /// <summary>What a caller hears who is answered and connected to nobody yet, when its media goes through the node: a WAV file, played again and again. Null for what rings in <see cref="Country"/>.</summary>
    public string? HoldMusic { get; init; }

    /// <summary>The country whose tones callers hear, two letters.</summary>
    public string Country { get; init; } = "us";

    /// <summary>Whether audio that goes through the node, or an rtpengine, is turned from G.711 into Opus and back where the two sides have no codec in common. Without it such a call is refused with 488.</summary>
    public bool Transcode { get; init; }

    /// <summary>The native library that encodes and decodes Opus, by its name or path, such as <c>libopus.so.0</c>: it takes less than half of the processor. Null for the program's own code.</summary>
    public string? OpusLibrary { get; init; }

    /// <summary>The folder of the WAV files that a handoff may have played before it is carried out; null for none.</summary>
    public string? Prompts { get; init; }

    /// <summary>The folder of recordings.</summary>
    public string Recordings { get; init; } = "recordings";

    /// <summary>The paths of recordings within the folder, of <c>{call}</c>, <c>{date:yyyy/MM/dd}</c>, <c>{caller}</c>, <c>{callee}</c>, <c>{trunk}</c> and <c>{flow}</c>.</summary>
    public string RecordingPath { get; init; } = "{date:yyyy/MM/dd}/{call}";

    /// <summary>What recordings are written as.</summary>
    public RecordingFormat RecordingFormat { get; init; }

    /// <summary>The key that recordings are encrypted with, 32 bytes in base64 as <c>openssl rand -base64 32</c> makes them; null for none.</summary>
    public string? RecordingKey { get; init; }

    /// <summary>The SIP URIs of recorders outside (SIPREC, RFC 7866), which record in place of this node: the first that takes a call gets it. Empty for none.</summary>
    public IReadOnlyList<string> Siprec { get; init; } = [];

    /// <summary>What both sides hear when their recording begins, instead of each other, 30 s at most: a WAV file, which the recording has too. Null for nothing.</summary>
    public string? RecordingAnnouncement { get; init; }

    /// <summary>After how many days recordings are deleted, 0–36,500; 0 for never.</summary>
    public int KeepRecordingsDays { get; init; }

    /// <summary>After how many seconds without any media from a side that should send the call is ended, 0–86,400; 0 for never.</summary>
    public int SilenceSeconds { get; init; } = 60;
}
