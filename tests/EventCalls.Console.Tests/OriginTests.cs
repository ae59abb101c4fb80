using System.Net;
using System.Net.Http.Headers;
using EventCalls.Console.Security;

namespace EventCalls.Console.Tests;

public sealed class OriginTests
{
    private const string Board = "https://board.example.com";

    [Fact]
    public async Task A_page_of_an_allowed_site_uses_the_API_with_a_key_and_of_another_site_not()
    {
        using var keys = new Keys();
        string key = keys.New("board", ApiScope.Operate);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path, Origins = [Board] });
        using (var before = await console.Client.SendAsync(Asking(HttpMethod.Options, "/api/calls/x/hangup", Board, preflight: true)))
        {
            Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
            Assert.Equal(Board, Allowed(before));
            Assert.Contains("Authorization", before.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
            Assert.False(before.Headers.Contains("Access-Control-Allow-Credentials"));
        }
        using (var answer = await console.Client.SendAsync(Asking(HttpMethod.Get, "/api/calls", Board, key)))
            Assert.Equal((HttpStatusCode.OK, Board, "Origin"), (answer.StatusCode, Allowed(answer), answer.Headers.Vary.Single()));
        // A problem can be read too.
        using (var answer = await console.Client.SendAsync(Asking(HttpMethod.Post, "/api/calls/x/hangup", Board, key)))
            Assert.Equal((HttpStatusCode.NotFound, Board), (answer.StatusCode, Allowed(answer)));
        foreach (string other in (string[])["https://evil.example", "https://board.example.com.evil.example", "http://board.example.com", "null"])
        {
            using var before = await console.Client.SendAsync(Asking(HttpMethod.Options, "/api/calls", other, preflight: true));
            Assert.Null(Allowed(before));
            using var answer = await console.Client.SendAsync(Asking(HttpMethod.Post, "/api/calls/x/hangup", other, key));
            Assert.Equal((HttpStatusCode.Forbidden, null), (answer.StatusCode, Allowed(answer)));
        }
    }

    [Fact]
    public async Task What_a_browser_keeps_opens_nothing_for_an_allowed_site()
    {
        using var keys = new Keys();
        string key = keys.New("anna", ApiScope.Operate);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path, Origins = [Board] });
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var request = Asking(method, method == HttpMethod.Get ? "/api/calls" : "/api/calls/x/hangup", Board);
            request.Headers.Add("Cookie", $"eventcalls-key={key}");
            using var answer = await console.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        using var page = await console.Client.SendAsync(Asking(HttpMethod.Get, "/sign-in", Board));
        Assert.Null(Allowed(page));
        using var signIn = await console.Client.SendAsync(Asking(HttpMethod.Post, "/sign-in", Board));
        Assert.Equal(HttpStatusCode.Forbidden, signIn.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_allowed_unless_it_is_configured()
    {
        await using var console = await ServedStore.StartAsync();
        using var answer = await console.Client.SendAsync(Asking(HttpMethod.Get, "/api/calls", Board));
        Assert.Null(Allowed(answer));
    }

    [Theory]
    [InlineData("https://board.example.com/")]
    [InlineData("https://Board.example.com")]
    [InlineData("*")]
    [InlineData("board.example.com")]
    public async Task What_is_no_origin_is_refused(string origin)
    {
        using var keys = new Keys();
        keys.New("board", ApiScope.Read);
        var refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Keys = keys.Path, Origins = [origin] }));
        Assert.Contains("EventCalls:Http:Origins", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Origins = [Board] }));
        Assert.Contains("EventCalls:Http:Keys", refused.Message, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Asking(HttpMethod method, string path, string origin, string? key = null, bool preflight = false)
    {
        var request = method == HttpMethod.Post ? Answers.Post(path, "{}") : new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (preflight)
            request.Headers.Add("Access-Control-Request-Method", "POST");
        return request;
    }

    private static string? Allowed(HttpResponseMessage answer) => answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
}
