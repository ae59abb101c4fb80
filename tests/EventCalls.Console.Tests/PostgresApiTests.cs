using EventCalls.Contracts;
using EventCalls.Marten;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Console.Tests;

/// <summary>The same over PostgreSQL.</summary>
public sealed class PostgresApiTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private ServedStore _console = null!;

    private HttpClient Client => _console.Client;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartOwnAsync();
        _console = await ServedStore.StartAsync(store: MartenStore.Open(new StoreOptions { Postgres = _server.ConnectionString }));
    }

    public async Task DisposeAsync()
    {
        await _console.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Calls_are_found_in_pages_by_header_and_shown()
    {
        var first = RecordedCalls.ReferredThenBridged(1);
        await _console.AppendAsync([first.Started with { Headers = [new SipHeader("X-Customer-ID", "<42>'")] }, .. first.Events.Skip(1), .. RecordedCalls.Referred(2).Events, .. RecordedCalls.Open(3).Events]);

        var page = await Client.JsonAsync("/api/calls?limit=2");
        Assert.Equal(2, page.GetProperty("calls").GetArrayLength());
        var rest = await Client.JsonAsync($"/api/calls?limit=2&after={page.GetProperty("next").GetString()}");
        Assert.Equal(first.Id, Assert.Single(rest.GetProperty("calls").EnumerateArray()).GetProperty("callId").GetGuid());

        var found = await Client.JsonAsync("/api/calls?header.x-customer-id=%3C42%3E%27&from=2026-11-22&to=2026-11-23&handoff=invite&target=sip:%2B12222222@192.0.2.7:5060");
        Assert.Equal(first.Id, Assert.Single(found.GetProperty("calls").EnumerateArray()).GetProperty("callId").GetGuid());
        Assert.Empty((await Client.JsonAsync("/api/calls?header.x-customer-id=42&from=2026-11-22&to=2026-11-23")).GetProperty("calls").EnumerateArray());

        Assert.Equal(first.Events.Count, (await Client.JsonAsync($"/api/calls/{first.Id}/events")).GetProperty("events").GetArrayLength());
        Assert.Contains("<svg", await Client.GetStringAsync($"/api/calls/{first.Id}/ladder.svg"), StringComparison.Ordinal);
        Assert.Equal(1, (await Client.JsonAsync("/api/live/calls")).GetProperty("total").GetInt32());
        Assert.Equal(2, (await Client.JsonAsync("/api/statistics")).GetProperty("groups")[0].GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task Text_that_PostgreSQL_cannot_hold_is_found_nowhere_or_refused_and_breaks_nothing()
    {
        string version = "sha256:" + new string('a', 64);
        await _console.AppendAsync(RecordedCalls.Referred(1).Events);
        await _console.Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = version, Sources = [new LogicSource("Desk.cs", "class Desk;")], LoadedAt = DateTimeOffset.UnixEpoch }, default);
        var broken = new List<string>();
        foreach (string name in new[] { "caller", "callee", "flow", "reason", "trunk", "target", "version", "header.X-A" })
            await AskAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/calls?from=2026-11-22&to=2026-11-23&{name}=a%00b"));
        foreach (string path in new[] { $"/api/calls/{RecordedCalls.Referred(1).Id}/what-if?logic=sha256:a%00", $"/api/logic/compare?old=sha256:a%00&new={version}", "/api/statistics?by=%00", "/calls?caller=%00", "/logic/compare?old=a%00&new=a%00" })
            await AskAsync(new HttpRequestMessage(HttpMethod.Get, path));
        const string Nul = "\\u0000";
        foreach (var (path, body) in new[]
        {
            ("/api/logic/roll-back", $$"""{"from": "{{version}}", "note": "a{{Nul}}"}"""), ("/api/logic/roll-back", $$"""{"from": "sha256:a{{Nul}}"}"""), ($"/api/logic/{version}/activate", $$"""{"note": "a{{Nul}}"}"""),
            ("/api/logic", $$"""{"files": {"Desk.cs": "// {{Nul}}"} }"""), ("/api/logic", $$"""{"files": {"De{{Nul}}sk.cs": "class A;"} }"""),
            ("/api/replays", $$"""{"logic": "{{version}}", "flow": "a{{Nul}}"}"""), ("/api/replays", $$"""{"logic": "sha256:{{Nul}}"}"""), ($"/api/calls/{RecordedCalls.Referred(1).Id}/forks", $$"""{"logic": "sha256:a{{Nul}}", "inject": "{{Nul}}"}"""),
        })
            await AskAsync(Answers.Post(path, body));
        Assert.True(broken.Count == 0, string.Join("\n", broken));

        async Task AskAsync(HttpRequestMessage request)
        {
            using var answer = await Client.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            // What this process has not got it does not do; that is no fault.
            if ((int)answer.StatusCode >= 500 && !text.Contains("This process decides nothing again", StringComparison.Ordinal))
                broken.Add($"{request.RequestUri}: {(int)answer.StatusCode} {text}");
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_and_not_how()
    {
        await _server.KillAsync();
        var (detail, _) = await Client.ProblemAsync("/api/calls", 503);
        Assert.DoesNotContain("Host=", detail, StringComparison.Ordinal);
        Assert.Contains("does not answer now", detail, StringComparison.Ordinal);
    }
}
