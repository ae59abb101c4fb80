using System.Net;
using System.Net.Http.Headers;
using EventCalls.Console.Security;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Console.Tests;

public sealed class AccessTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task With_keys_nothing_but_health_is_open_and_a_key_opens_what_its_scope_says()
    {
        using var keys = new Keys();
        string read = keys.New("board", ApiScope.Read), operate = keys.New("desk", ApiScope.Operate);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        Assert.Equal("""{"status":"live"}""", await console.Client.GetStringAsync("/health/live"));
        foreach (string path in new[] { "/api/calls", "/api/live", "/api/nodes", "/api/logic", "/api/statistics", "/api/health", "/api/calls/x/events" })
        {
            using var answer = await console.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", read);
        await console.Client.JsonAsync("/api/calls");
        Assert.Contains("'board' has scope read; this needs operate", (await console.Client.ProblemAsync(Answers.Post("/api/calls/x/hangup", "{}"), 403)).Detail, StringComparison.Ordinal);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", operate);
        await console.Client.ProblemAsync(Answers.Post("/api/calls/x/hangup", "{}"), 404);
    }

    [Fact]
    public async Task A_revoked_key_is_worth_nothing_from_the_next_request_on_and_a_new_one_is_known()
    {
        using var keys = new Keys();
        string old = keys.New("old", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", old);
        await console.Client.JsonAsync("/api/calls");
        keys.File.Change(all => [.. all.Select(k => k with { RevokedAt = s_now })]);
        await console.Client.ProblemAsync("/api/calls", 401);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", keys.New("new", ApiScope.Read));
        await console.Client.JsonAsync("/api/calls");
    }

    [Fact]
    public async Task Who_tries_keys_is_told_to_wait_while_a_right_one_still_opens()
    {
        using var keys = new Keys();
        string right = keys.New("board", ApiScope.Read);
        var time = new FakeTimeProvider(s_now);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, time: time);
        for (int i = 0; i < 10; i++)
            await console.Client.ProblemAsync(Asking($"ec_wrong{i}"), 401);
        using (var answer = await console.Client.SendAsync(Asking("ec_wrong")))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter!.Delta);
        }
        using (var answer = await console.Client.SendAsync(Asking(right)))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        time.Advance(TimeSpan.FromMinutes(1));
        await console.Client.ProblemAsync(Asking("ec_wrong"), 401);
    }

    [Fact]
    public async Task Without_keys_it_listens_on_loopback_alone_and_says_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Listen = new Uri("http://0.0.0.0:0") }));
        Assert.Contains("EventCalls:Http:Keys", refused.Message, StringComparison.Ordinal);
        Assert.Contains("eventcalls keys new", refused.Message, StringComparison.Ordinal);
        using var keys = new Keys();
        var empty = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Listen = new Uri("http://0.0.0.0:0"), Keys = keys.Path }));
        Assert.Contains("eventcalls keys new", empty.Message, StringComparison.Ordinal);
        keys.New("board", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Listen = new Uri("http://0.0.0.0:0"), Keys = keys.Path });
    }

    [Fact]
    public async Task A_file_of_keys_without_a_key_opens_nothing_on_loopback_either()
    {
        using var keys = new Keys();
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        await console.Client.ProblemAsync("/api/calls", 401);
        await File.WriteAllTextAsync(keys.Path, "not JSON at all");
        await console.Client.ProblemAsync("/api/calls", 401);
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost", true)]
    [InlineData("[::1]:80", true)]
    public async Task Without_keys_a_name_that_was_bound_anew_to_loopback_is_refused(string host, bool isTaken)
    {
        await using var console = await ServedStore.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/calls") { Headers = { Host = host } };
        if (isTaken)
            Assert.Equal(HttpStatusCode.OK, (await console.Client.SendAsync(request)).StatusCode);
        else
            await console.Client.ProblemAsync(request, 421);
    }

    [Fact]
    public void The_file_of_the_keys_holds_no_key_and_is_its_owners_alone()
    {
        using var keys = new Keys();
        string token = keys.New("desk", ApiScope.Operate);
        string text = File.ReadAllText(keys.Path);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(token[3..], text, StringComparison.Ordinal);
        Assert.Contains(ApiKey.HashOf(token), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.Path));
        Assert.Equal(43 + 3, token.Length);
    }

    private static HttpRequestMessage Asking(string key) => new(HttpMethod.Get, "/api/calls") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}
