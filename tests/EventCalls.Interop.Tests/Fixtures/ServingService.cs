using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service that serves HTTP to holders of keys: <c>root</c>, who may administer, <c>anna</c>, who may operate, and <c>wallboard</c>, which may read.</summary>
public class ServingService : EmbeddedService
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-http-");
    private readonly int _port = FreePorts.Next();
    private readonly HttpClient _client = new();
    private readonly Dictionary<string, string> _keys = [];

    /// <summary>What whoever serves HTTP has configured for it.</summary>
    internal IReadOnlyDictionary<string, string> HttpKeys => new Dictionary<string, string>
    {
        ["Http__Listen"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"),
        ["Http__Keys"] = Path.Combine(_folder.FullName, "keys.json"),
    };

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await StartOthersAsync();
        foreach (var (name, scope) in new[] { ("anna", "operate"), ("wallboard", "read"), ("root", "administer") })
        {
            var (key, errors, exitCode) = await Server.CommandAsync("keys", "new", name, "--scope", scope);
            Assert.True(exitCode == 0, errors);
            _keys[name] = key.Trim();
        }
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Where HTTP is served.</summary>
    internal Uri Address => new(HttpKeys["Http__Listen"]);

    /// <summary>Somebody's key.</summary>
    internal string KeyOf(string name) => _keys[name];

    /// <summary>The process that serves HTTP.</summary>
    internal virtual EventCallsProcess Server => Process;

    /// <inheritdoc/>
    internal override EventCallsSettings Configure(EventCallsSettings settings) => WithEndpoints(settings) with { More = WithEndpoints(settings).More.Concat(HttpKeys).ToDictionary() };

    /// <summary>Asks as somebody; the status and the answer.</summary>
    internal async Task<(HttpStatusCode Status, string Text)> AskAsync(string path, string? json = null, string? by = "anna", string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, new Uri(Address, path));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (by is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys[by]);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await _client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks and expects a status; the answer as JSON.</summary>
    internal async Task<JsonElement> JsonAsync(int status, string path, string? json = null, string? by = "anna", string? idempotencyKey = null)
    {
        var (got, text) = await AskAsync(path, json, by, idempotencyKey);
        Assert.True((int)got == status, $"{path}: {(int)got} {text}\n{Server.Describe()}");
        return JsonElement.Parse(text);
    }

    /// <summary>Starts what else there is, once calls are taken.</summary>
    private protected virtual Task StartOthersAsync() => Task.CompletedTask;

    /// <summary>Further endpoints and a destination, for every node.</summary>
    private protected static EventCallsSettings WithEndpoints(EventCallsSettings settings) => settings with
    {
        More = new Dictionary<string, string>
        {
            ["Trunks__pstn__To__0"] = string.Create(CultureInfo.InvariantCulture, $"sip:127.0.0.1:{settings.SecondPort}"),
            ["Handoffs__escalation__Default"] = "true",
            ["Handoffs__escalation__Reason"] = "escalated",
            ["Handoffs__escalation__ContextHeader"] = "X-Handoff-Id",
            // A shell starts it, which passes on no variable whose name has a hyphen.
            ["Handoffs__escalation__Headers__Customer"] = "$customer_id",
            ["Handoffs__escalation__Invite__PhoneNumber"] = "+13333333",
            ["Handoffs__escalation__Invite__OutboundEndpoint"] = "pstn",
        },
    };
}
