using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventCalls.Console.Tests.Webhooks;

/// <summary>What a receiver was sent.</summary>
internal sealed record Received(string Id, long Timestamp, string Signature, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>Checks as the documentation says, with nothing of ours.</summary>
    public void MustBeSigned(byte[] key) => Assert.Equal(
        "v1," + Convert.ToBase64String(new HMACSHA256(key).ComputeHash([.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body])), Signature);
}

/// <summary>A receiver of webhooks on 127.0.0.1.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What is answered when nothing else is said.</summary>
    public Func<HttpContext, Task> Otherwise { get; set; } = Status(204);

    public Uri Url => new(_app.Urls.Single() + "/hooks");

    public static async Task<Receiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public static Func<HttpContext, Task> Status(int status, string text = "") => async context =>
    {
        context.Response.StatusCode = status;
        if (text.Length > 0)
            await context.Response.WriteAsync(text);
    };

    /// <summary>Answers nothing until the sender goes away.</summary>
    public static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public void Next(params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
    }

    public async Task<Received> ReceivedAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasMore => _received.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Assert.Equal("application/json", context.Request.ContentType);
        string Header(string name) => context.Request.Headers[name].Single()!;
        _received.Writer.TryWrite(new Received(Header("webhook-id"), long.Parse(Header("webhook-timestamp"), System.Globalization.CultureInfo.InvariantCulture), Header("webhook-signature"), body.ToArray()));
        await (_answers.TryDequeue(out var answer) ? answer : Otherwise)(context);
    }
}
