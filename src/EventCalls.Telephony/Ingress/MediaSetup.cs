using System.Net;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>What moves the media of a node's calls.</summary>
internal static class MediaSetup
{
    private const int LongestAnnouncementMs = 30_000;

    /// <summary>Checks the options, and has Opus coded from now on by the library that they name.</summary>
    /// <exception cref="TelephonyOptionsException">A value cannot be used.</exception>
    public static void Check(TelephonyOptions options)
    {
        Ports(options.Media);
        using (Recorder(options, TimeProvider.System))
            HoldSound(options.Media);
        for (int i = 0; i < options.Media.Siprec.Count; i++)
        {
            if (InviteTarget.OfRecorder(options.Media.Siprec[i], out string? whyNot) is null)
                throw new TelephonyOptionsException($"Media:Siprec:{i}", options.Media.Siprec[i], whyNot!);
        }
        Announcement(options.Media);
        if (!OpusLibrary.TryUse(options.Media.OpusLibrary, out string? unused))
            throw new TelephonyOptionsException("Media:OpusLibrary", options.Media.OpusLibrary!, unused);
        if (options.Media.Prompts is { } prompts && !Directory.Exists(prompts))
            throw new TelephonyOptionsException("Media:Prompts", prompts, "there is no such folder; expected one of WAV files");
        if (options.Media.SilenceSeconds is < 0 or > 86_400)
            throw new TelephonyOptionsException("Media:SilenceSeconds", $"{options.Media.SilenceSeconds}", "expected a number from 0 to 86400");
        if (options.Media.KeepRecordingsDays is < 0 or > 36_500)
            throw new TelephonyOptionsException("Media:KeepRecordingsDays", $"{options.Media.KeepRecordingsDays}", "expected a number from 0 to 36500");
        Engines(options);
        if (OperatingSystem.IsLinux())
            return;
        string? key = options.Media.Mode == MediaMode.Anchor ? "Media:Mode" : options.Trunks.FirstOrDefault(t => t.Media == MediaMode.Anchor) is { } trunk ? $"Trunks:{trunk.Name}:Media" : null;
        if (key is not null)
            throw new TelephonyOptionsException(key, "anchor", "media goes through the node on Linux only; expected direct");
    }

    /// <summary>Where the rtpengines listen; none where there are none.</summary>
    /// <exception cref="TelephonyOptionsException">An address is none, or they are asked for what they do not do.</exception>
    public static IReadOnlyList<IPEndPoint> Engines(TelephonyOptions options)
    {
        var addresses = options.Media.Rtpengine.Select(static text => RtpengineAddress.TryParse(text, out var address)
            ? address
            : throw new TelephonyOptionsException("Media:Rtpengine", text, "expected the address of an rtpengine's NG protocol (its listen-ng), such as udp://127.0.0.1:2223")).ToArray();
        if (addresses.Distinct().Count() < addresses.Length)
            throw new TelephonyOptionsException("Media:Rtpengine", string.Join(", ", options.Media.Rtpengine), "an engine is given twice");
        bool isDefault = options.Media.Mode == MediaMode.Rtpengine;
        string? key = isDefault ? "Media:Mode" : options.Trunks.FirstOrDefault(static t => t.Media == MediaMode.Rtpengine) is { } user ? $"Trunks:{user.Name}:Media" : null;
        if (key is not null && addresses.Length == 0)
            throw new TelephonyOptionsException(key, "rtpengine", "Media:Rtpengine names no engine; give at least one, such as udp://127.0.0.1:2223");
        if (options.Media.RtpengineDigits && addresses.Length == 0)
            throw new TelephonyOptionsException("Media:RtpengineDigits", "true", "Media:Rtpengine names no engine that could send what is said; give one, or leave this out");
        return addresses;
    }

    /// <summary>The rtpengines; null for none.</summary>
    public static Rtpengines? EnginesOf(TelephonyOptions options, TimeProvider time, ILogger logger) => Engines(options) is { Count: > 0 } addresses ? new Rtpengines(addresses, time, logger) : null;

    /// <summary>The ports media may use.</summary>
    /// <exception cref="TelephonyOptionsException">They cannot be used.</exception>
    public static MediaPorts Ports(MediaOptions options) =>
        MediaPorts.TryParse(options.Ports, out var ports) ? ports : throw new TelephonyOptionsException("Media:Ports", options.Ports, "expected the first and the last port, from 1024 to 65535 and at least two, such as 20000-29999");

    /// <summary>What callers hear who are connected to nobody.</summary>
    /// <exception cref="TelephonyOptionsException">It cannot be played.</exception>
    public static Sound HoldSound(MediaOptions options)
    {
        if (Sound.Ringback(options.Country) is not { } ringback)
            throw new TelephonyOptionsException("Media:Country", options.Country, $"expected one of {string.Join(", ", Sound.Countries)}");
        if (options.HoldMusic is not { Length: > 0 } file)
            return ringback;
        return Read("Media:HoldMusic", file, Sound.Music);
    }

    /// <summary>What both sides hear when their recording begins; null for nothing.</summary>
    /// <exception cref="TelephonyOptionsException">It cannot be played.</exception>
    public static Sound? Announcement(MediaOptions options)
    {
        if (options.RecordingAnnouncement is not { Length: > 0 } file)
            return null;
        var sound = Read("Media:RecordingAnnouncement", file, Sound.Prompt);
        return sound.Milliseconds <= LongestAnnouncementMs
            ? sound
            : throw new TelephonyOptionsException("Media:RecordingAnnouncement", file, $"it is {sound.Milliseconds / 1000} s long, and nobody talks meanwhile; expected {LongestAnnouncementMs / 1000} s at most");
    }

    private static Sound Read(string key, string file, Func<string, Sound> read)
    {
        try
        {
            return read(file);
        }
        catch (SoundException e)
        {
            throw new TelephonyOptionsException(key, file, e.Message);
        }
    }

    /// <summary>What writes the node's recordings.</summary>
    /// <exception cref="TelephonyOptionsException">An option cannot be used.</exception>
    public static MediaRecorder Recorder(TelephonyOptions options, TimeProvider time)
    {
        var media = options.Media;
        if (MediaRecorder.WhyNotKey(media.RecordingKey) is { } noKey)
            throw new TelephonyOptionsException("Media:RecordingKey", "(hidden)", noKey);
        try
        {
            return new MediaRecorder(media.Recordings, media.RecordingPath, media.RecordingFormat == RecordingFormat.Opus, media.RecordingKey, time);
        }
        catch (FormatException e)
        {
            throw new TelephonyOptionsException("Media:RecordingPath", media.RecordingPath, e.Message);
        }
    }

    /// <summary>One for each shard; none where no media can go through the node.</summary>
    public static MediaRelay[] Relays(TelephonyOptions options, MediaPorts ports, TimeProvider time, ILogger logger) =>
        OperatingSystem.IsLinux() ? [.. Enumerable.Range(0, options.Shards).Select(shard => new MediaRelay(shard, ports, options.Media.SilenceSeconds * 1000L, time, logger))] : [];
}
