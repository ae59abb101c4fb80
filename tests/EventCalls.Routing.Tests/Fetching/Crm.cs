using System.Collections.Concurrent;
using EventCalls.Routing.Fetching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Tests.Fetching;

/// <summary>A web service that is asked for customers.</summary>
internal sealed class Crm : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Crm(WebApplication server) => _server = server;

    /// <summary>What was asked for: path, query and body.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string?> Tokens { get; } = new();

    /// <summary>What it answers; the rest of the path is given.</summary>
    public Func<HttpContext, string, Task> Answer { get; set; } = (context, key) => context.Response.WriteAsync($$"""{ "tier": "gold", "name": "N. N.", "tags": ["a", 2], "key": "{{key}}" }""");

    /// <summary>Completes when it has to answer all that it holds.</summary>
    public Task Released => _released.Task;

    public static async Task<Crm> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var crm = new Crm(builder.Build());
        crm._server.Map("/customers/{key?}", async (HttpContext context, string? key) =>
        {
            using var body = new StreamReader(context.Request.Body);
            crm.Asked.Enqueue($"{context.Request.Path}{context.Request.QueryString}{await body.ReadToEndAsync()}");
            crm.Tokens.Enqueue(context.Request.Headers["X-Token"]);
            await crm.Answer(context, key ?? "");
        });
        await crm._server.StartAsync();
        return crm;
    }

    public FetchSource Source(string name = "crm") => new() { Name = name, Url = $"{_server.Urls.First()}/customers/{{key}}", Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Lets everybody have their answer.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _server.DisposeAsync();
    }
}
