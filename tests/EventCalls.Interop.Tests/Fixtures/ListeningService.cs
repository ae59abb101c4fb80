using System.Globalization;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service through which all media goes, that records what it encrypts, and whose pages show it.</summary>
public sealed class ListeningService : EmbeddedService
{
    private readonly DirectoryInfo _recordings = Directory.CreateTempSubdirectory("eventcalls-recordings-");
    private readonly int _port = FreePorts.Next();

    internal Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

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
                ["Http__Listen"] = Address.ToString(),
                ["Media__Mode"] = "anchor",
                ["Media__Ports"] = $"{ports}-{ports + 39}",
                ["Media__Recordings"] = _recordings.FullName,
                ["Media__RecordingKey"] = Convert.ToBase64String(new byte[32]),
                ["Trunks__carrier__Record"] = "true",
            },
        };
    }
}
