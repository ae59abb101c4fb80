using System.Net;
using System.Text;
using System.Text.Json;

namespace EventCalls.Console.Tests;

/// <summary>Requests of tests, and what is expected of their answers.</summary>
internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Expects a problem (RFC 9457) with the status; gives its detail and field.</summary>
    public static async Task<(string Detail, string? Field)> ProblemAsync(this HttpClient client, HttpRequestMessage request, int status)
    {
        using var answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{request.RequestUri}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return (problem.GetProperty("detail").GetString()!, problem.TryGetProperty("field", out var field) ? field.GetString() : null);
    }

    public static Task<(string Detail, string? Field)> ProblemAsync(this HttpClient client, string path, int status) =>
        client.ProblemAsync(new HttpRequestMessage(HttpMethod.Get, path), status);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonElement.Parse(await answer.Content.ReadAsStringAsync());

    public static HttpRequestMessage With(HttpMethod method, string path, string json) => new(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpRequestMessage Post(string path, string json) =>
        new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
