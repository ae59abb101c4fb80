using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Loading;

/// <summary>Notices changes in a logic folder: at once where the file system tells, within seconds where it does not (network shares, a folder that comes later).</summary>
internal sealed partial class LogicFolderWatch(string folder, Func<CancellationToken, Task> changed, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_rescan = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stop = new();
    private FileSystemWatcher? _watcher;
    private Task _loop = Task.CompletedTask;

    public void Start()
    {
        Listen();
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _watcher?.Dispose();
        await _loop.ConfigureAwait(false);
        // The signal is not disposed: a change that is being reported at this moment still raises it.
        _stop.Dispose();
    }

    private void Listen()
    {
        if (_watcher is not null || !Directory.Exists(folder))
            return;
        try
        {
            // All names, not *.cs only: in a mounted configuration the files are links, and it is their folder that is swapped.
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += Signal;
            watcher.Created += Signal;
            watcher.Deleted += Signal;
            watcher.Renamed += Signal;
            watcher.Error += (_, _) => _signal.Release();
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            LogNoWatch(e, folder, s_rescan.TotalSeconds);
        }
    }

    private void Signal(object sender, FileSystemEventArgs e) => _signal.Release();

    private async Task LoopAsync()
    {
        string? seen = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await _signal.WaitAsync(s_rescan, _stop.Token).ConfigureAwait(false))
                {
                    // Editors and deployments write in several steps; what they leave in between need not compile.
                    while (await _signal.WaitAsync(s_quiet, _stop.Token).ConfigureAwait(false))
                    {
                    }
                }

                Listen();
                string now = Fingerprint();
                if (now == seen)
                    continue;
                seen = now;
                await changed(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e, folder);
            }
        }
    }

    private string Fingerprint()
    {
        try
        {
            return LogicSources.Fingerprint(folder);
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes in {Folder} cannot be watched; it is looked at every {Seconds} s instead.")]
    private partial void LogNoWatch(Exception e, string folder, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Loading the routing logic in {Folder} failed unexpectedly.")]
    private partial void LogFailed(Exception e, string folder);
}
