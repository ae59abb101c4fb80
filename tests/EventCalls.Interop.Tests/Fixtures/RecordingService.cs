using System.Globalization;
using System.Net;
using System.Text;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service that could have media go through it and record, where neither trunks nor configuration ask for it; it serves HTTP to this machine.</summary>
public class RecordingService : EmbeddedService
{
    private readonly DirectoryInfo _recordings = Directory.CreateTempSubdirectory("eventcalls-recordings-");
    private readonly Uri _address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
    private readonly HttpClient _client = new();

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
        _recordings.Delete(recursive: true);
    }

    /// <summary>The files of recordings, finished or not.</summary>
    internal IReadOnlyList<string> Recordings => Directory.GetFiles(_recordings.FullName, "*", SearchOption.AllDirectories);

    /// <summary>Asks for something of the recording of a call; the status and the answer.</summary>
    internal Task<(HttpStatusCode Status, string Text)> AskAsync(Guid callId, string action) =>
        GiveAsync(HttpMethod.Post, $"/api/calls/{callId}/recording", $$"""{"action": "{{action}}"}""");

    /// <summary>Gives a command; the status and the answer.</summary>
    internal async Task<(HttpStatusCode Status, string Text)> GiveAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, path)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using var answer = await _client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The events of a call so far, as JSON.</summary>
    internal Task<string> EventsAsync(Guid callId) => _client.GetStringAsync(new Uri(_address, $"/api/calls/{callId}/events"));

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        int ports = FreePorts.Range(40);
        return settings with
        {
            More = new Dictionary<string, string>
            {
                ["Media__Ports"] = $"{ports}-{ports + 39}",
                ["Media__Recordings"] = _recordings.FullName,
                ["Http__Listen"] = _address.GetLeftPart(UriPartial.Authority),
            },
        };
    }
}
