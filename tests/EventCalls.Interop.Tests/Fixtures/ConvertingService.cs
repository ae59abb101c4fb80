using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service through which all media goes: it transcodes, records with an announcement, and has a prompt.</summary>
public sealed class ConvertingService : EmbeddedService
{
    internal const int PromptHertz = 700;
    internal const int AnnouncementHertz = 600;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-sounds-");

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        int ports = FreePorts.Range(40);
        string prompts = _folder.CreateSubdirectory("prompts").FullName;
        string announcement = Path.Combine(_folder.FullName, "recorded.wav");
        ToneFile.Write(Path.Combine(prompts, "welcome.wav"), TimeSpan.FromSeconds(2), PromptHertz);
        ToneFile.Write(announcement, TimeSpan.FromSeconds(1), AnnouncementHertz);
        return settings with
        {
            More = new Dictionary<string, string>
            {
                ["Media__Mode"] = "anchor",
                ["Media__Ports"] = $"{ports}-{ports + 39}",
                ["Media__Recordings"] = Path.Combine(_folder.FullName, "recordings"),
                ["Media__Prompts"] = prompts,
                ["Media__RecordingAnnouncement"] = announcement,
                ["Media__Transcode"] = "true",
                ["Trunks__carrier__Record"] = "true",
            },
        };
    }
}
