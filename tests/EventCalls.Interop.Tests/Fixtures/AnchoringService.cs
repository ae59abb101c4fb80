using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service through which all media goes, and that records.</summary>
public class AnchoringService : EmbeddedService
{
    private readonly DirectoryInfo _recordings = Directory.CreateTempSubdirectory("eventcalls-recordings-");

    /// <summary>Whether it is known how well each was heard, also of who says nothing of it in RTCP.</summary>
    internal virtual bool IsMeasured => true;

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _recordings.Delete(recursive: true);
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        int ports = FreePorts.Range(40);
        return settings with
        {
            More = new Dictionary<string, string>
            {
                ["Media__Mode"] = "anchor",
                ["Media__Ports"] = $"{ports}-{ports + 39}",
                ["Media__Recordings"] = _recordings.FullName,
                ["Trunks__carrier__Record"] = "true",
                ["Trunks__second__Srtp"] = "sdes",
            },
        };
    }
}
