using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EventCalls.Console.Tests;

public sealed class DescriptionTests
{
    // Every route there is; a new one is to be named here, in the description and for people in docs/api.md.
    private static readonly string[] s_routes =
    [
        "GET /health/live", "GET /health/ready", "GET /openapi/v1.json",
        "GET /api/calls", "GET /api/calls.csv", "GET /api/calls/{id}", "GET /api/calls/{id}/events", "GET /api/calls/{id}/recordings", "GET /api/calls/{id}/recordings/{number}", "GET /api/calls/{id}/recordings/{number}/waveform.svg",
        "GET /api/calls/{id}/state", "GET /api/calls/{id}/explanation",
        "GET /api/calls/{id}/ladder", "GET /api/calls/{id}/ladder.svg",
        "POST /api/calls/{id}/handoff", "POST /api/calls/{id}/state", "POST /api/calls/{id}/flow", "POST /api/calls/{id}/hangup", "POST /api/calls/{id}/recording", "POST /api/calls/{id}/monitor", "PATCH /api/calls/{id}/monitor/{monitor}", "DELETE /api/calls/{id}/monitor/{monitor}", "GET /api/calls/{id}/level",
        "GET /api/handoffs/{id}", "GET /api/live", "GET /api/live/calls", "GET /api/logic", "GET /api/logic/{version}", "POST /api/logic/check", "POST /api/logic", "POST /api/logic/{version}/activate", "POST /api/logic/roll-back", "GET /api/logic/compare", "GET /api/config", "GET /api/config/{name}", "PUT /api/config/{name}", "GET /api/logic/canary", "POST /api/logic/canary", "POST /api/logic/canary/stop", "GET /api/logic/shadow", "POST /api/logic/shadow", "POST /api/logic/shadow/stop", "GET /api/logic/shadow/report", "GET /api/logic/shadow/report.html",
        "GET /api/replays", "POST /api/replays", "GET /api/replays/{id}", "DELETE /api/replays/{id}", "GET /api/replays/{id}/report", "GET /api/replays/{id}/report.html", "GET /api/replays/{id}/changed.csv",
        "GET /api/calls/{id}/what-if", "POST /api/calls/{id}/forks", "GET /api/forks/{id}", "GET /api/forks/{id}/ladder.svg", "GET /api/statistics", "GET /api/nodes", "GET /api/queues", "GET /api/queues/{name}/dead", "POST /api/queues/{name}/dead/put-back", "POST /api/queues/{name}/dead/discard", "GET /api/dead-letters/acts", "GET /api/trunks", "GET /api/health", "GET /metrics",
        "GET /api/webhooks", "GET /api/webhooks/{name}/dead", "POST /api/webhooks/{name}/dead/replay",
    ];

    // What people look at describes itself.
    private static readonly string[] s_pages =
    [
        "GET /", "GET /calls", "GET /calls/{id}", "GET /statistics", "GET /logic", "GET /logic/compare", "GET /logic/{version}", "GET /replays", "GET /replays/{id}", "GET /system",
        "GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /assets/{hash}/{name}",
    ];

    [Fact]
    public async Task The_description_names_every_route_and_its_references_lead_somewhere()
    {
        await using var console = await ServedStore.StartAsync();
        Assert.Equal(s_routes.Concat(s_pages).Order(StringComparer.Ordinal), console.Routes.Order(StringComparer.Ordinal));
        var document = await console.Client.JsonAsync("/openapi/v1.json");
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var described = from path in document.GetProperty("paths").EnumerateObject()
                        from method in path.Value.EnumerateObject()
                        select $"{method.Name.ToUpperInvariant()} {path.Name}";
        Assert.Equal(s_routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        foreach (string reference in References(document))
        {
            var found = document;
            foreach (string part in reference.TrimStart('#', '/').Split('/'))
                found = found.ValueKind == JsonValueKind.Array ? found[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : found.GetProperty(part);
        }
        var calls = document.GetProperty("paths").GetProperty("/api/calls").GetProperty("get");
        Assert.Contains(calls.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "header.NAME");
        Assert.Equal("read", calls.GetProperty("x-scope").GetString());
        Assert.False(document.GetProperty("paths").GetProperty("/health/live").GetProperty("get").TryGetProperty("security", out _));
    }

    [Fact]
    public void The_page_for_people_names_every_route()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/api.md"));
        Assert.DoesNotContain(s_routes, route => !page.Contains($"`{route}", StringComparison.Ordinal));
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "$ref" && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string Here([CallerFilePath] string path = "") => path;
}
