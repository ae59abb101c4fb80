using System.Net;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A web service that decides every call alike, and takes its time.</summary>
internal sealed class SlowWebhook : IAsyncDisposable
{
    private static readonly byte[] s_answer = """{"handoff":{"refer":{"refer_to":"sip:support@example.com"}}}"""u8.ToArray();

    private readonly HttpListener _listener = new();
    private readonly TimeSpan _takes;
    private readonly Task _serving;

    public SlowWebhook(TimeSpan takes)
    {
        _takes = takes;
        Url = $"http://127.0.0.1:{FreePorts.Next()}/decide/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it is asked.</summary>
    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
                answers.Add(AnswerAsync(await _listener.GetContextAsync()));
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            await Task.Delay(_takes);
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(s_answer);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // Whoever asked does not wait any more.
        }
    }
}
