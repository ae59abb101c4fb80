using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service whose calls' media goes through an rtpengine, which transcodes it, with something to play before handoffs, recordings and while one waits; it serves HTTP to this machine.</summary>
public sealed class SoundingEngine : AnchoredCalls
{
    internal const int PromptHertz = 700;
    internal const int AnnouncementHertz = 600;
    internal const int MusicHertz = 300;
    internal const int EnginesPorts = 80;

    private readonly DirectoryInfo _sounds = Directory.CreateTempSubdirectory("eventcalls-sounds-");
    private readonly Uri _address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
    private readonly HttpClient _client = new();
    private readonly ConcurrentDictionary<string, Guid> _calls = new(StringComparer.Ordinal);
    private RtpengineServer? _engine;
    private SlowWay? _way;

    /// <summary>The way from the node to the engine.</summary>
    internal SlowWay Way => _way!;

    /// <summary>The engine.</summary>
    internal RtpengineServer Engine => _engine!;

    /// <inheritdoc />
    public override async Task InitializeAsync()
    {
        _engine = await RtpengineServer.StartAsync(FirstPort, FirstPort + EnginesPorts - 1);
        _way = new SlowWay(_engine.ControlPort, TimeProvider.System);
        await base.InitializeAsync();
    }

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
        if (_way is not null)
            await _way.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _sounds.Delete(recursive: true);
    }

    /// <summary>Gives a command for a call that is under way; the status and the answer.</summary>
    internal async Task<(HttpStatusCode Status, JsonElement Answer)> CommandAsync(string sipCallId, string command, string json, HttpMethod? method = null)
    {
        // Once it has begun its call may be being handed on, and has no outcome then.
        if (!_calls.TryGetValue(sipCallId, out var callId))
        {
            await Process.UntilStoredAsync(sipCallId, call => call.Outcome is not null);
            _calls[sipCallId] = callId = (await Process.CallAsync(sipCallId))!.CallId;
        }
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(_address, $"/api/calls/{callId}/{command}")) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using var answer = await _client.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        var anchored = base.Configure(settings).Through(Engine);
        string prompts = _sounds.CreateSubdirectory("prompts").FullName;
        ToneFile.Write(Path.Combine(prompts, "welcome.wav"), TimeSpan.FromSeconds(2), PromptHertz);
        ToneFile.Write(Path.Combine(_sounds.FullName, "recorded.wav"), TimeSpan.FromSeconds(1), AnnouncementHertz);
        ToneFile.Write(Path.Combine(_sounds.FullName, "music.wav"), TimeSpan.FromSeconds(2), MusicHertz);
        return anchored with
        {
            More = new Dictionary<string, string>(anchored.More)
            {
                ["Media__Rtpengine__0"] = string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{Way.Port}"),
                ["Media__Ports"] = string.Create(CultureInfo.InvariantCulture, $"{FirstPort + EnginesPorts}-{LastPort}"),
                ["Media__Prompts"] = prompts,
                ["Media__Transcode"] = "true",
                ["Media__RecordingAnnouncement"] = Path.Combine(_sounds.FullName, "recorded.wav"),
                ["Media__HoldMusic"] = Path.Combine(_sounds.FullName, "music.wav"),
                ["Http__Listen"] = _address.GetLeftPart(UriPartial.Authority),
                ["Routing__Targets__0"] = "127.0.0.1",
            },
        };
    }
}
