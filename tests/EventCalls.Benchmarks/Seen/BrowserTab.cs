using EventCalls.Benchmarks.Load;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Seen;

/// <summary>Debian's Chromium with one tab open, and what its processes have used.</summary>
internal sealed class BrowserTab : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_drawn = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("eventcalls-tab-");
    private readonly ChildProcess _browser;

    public BrowserTab(Uri address) => _browser = ChildProcess.Start(
        "chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-extensions",
            "--window-size=1280,900", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", address.ToString(),
        ]);

    /// <summary>Waits until the page is there and drawn.</summary>
    public async Task UntilOpenAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (TabMs() == 0)
            await Task.Delay(200, limit.Token);
        await Task.Delay(s_drawn, limit.Token);
    }

    /// <summary>User and system time of the processes that run and draw pages, milliseconds.</summary>
    public double TabMs() => Processes().Where(IsRenderer).Sum(ProcessMeter.CpuMilliseconds);

    /// <summary>The same of all of the browser: network, composing without a graphics card, the browser itself.</summary>
    public double AllMs() => ProcessMeter.CpuMilliseconds(_browser.Id) + Processes().Sum(ProcessMeter.CpuMilliseconds);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        for (int i = 0; i < 20 && _profile.Exists; i++)
        {
            try
            {
                _profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // Its last process may still be writing.
                await Task.Delay(100);
            }
            _profile.Refresh();
        }
    }

    private IEnumerable<int> Processes() => ProcessMeter.Below(_browser.Id, "chromium");

    private static bool IsRenderer(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
