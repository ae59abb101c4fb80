using System.Globalization;
using System.Net;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A page in a real browser (Chromium), served from here; what it posts back is its log.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly HttpListener _server = new();
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("eventcalls-browser-");
    private readonly TaskCompletionSource<string> _log = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _browser;

    private BrowserPage(int port)
    {
        Origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        _server.Prefixes.Add(Origin + "/");
    }

    /// <summary>What the browser says the page comes from.</summary>
    public string Origin { get; }

    /// <summary>Opens a page that runs this script; it may post text to <c>/log</c> once.</summary>
    public static BrowserPage Open(int port, string script, params string[] flags)
    {
        var page = new BrowserPage(port);
        page._server.Start();
        _ = page.ServeAsync($"<!doctype html><script>\n{script}\n</script>");
        page._browser = ChildProcess.Start(
            "chromium",
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={page._profile.FullName}", .. flags, page.Origin + "/"]);
        return page;
    }

    /// <summary>What the page posted.</summary>
    public Task<string> LogAsync(TimeSpan limit) => _log.Task.WaitAsync(limit);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _server.Close();
        // Its last helper may still be writing.
        for (int i = 0; i < 20 && _profile.Exists; i++)
        {
            try
            {
                _profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
            _profile.Refresh();
        }
    }

    private async Task ServeAsync(string html)
    {
        try
        {
            while (true)
            {
                var context = await _server.GetContextAsync();
                if (context.Request.Url!.AbsolutePath == "/log")
                {
                    using var reader = new StreamReader(context.Request.InputStream);
                    _log.TrySetResult(await reader.ReadToEndAsync());
                }
                else if (context.Request.Url.AbsolutePath == "/")
                {
                    context.Response.ContentType = "text/html";
                    await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(html));
                }
                else
                {
                    context.Response.StatusCode = 404;
                }
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
