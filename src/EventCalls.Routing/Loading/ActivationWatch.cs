using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Loading;

/// <summary>Follows what was activated for all routers: within seconds, and before the first load. While it cannot be read the last version goes on deciding.</summary>
internal sealed partial class ActivationWatch(LogicFolder folder, IActivatedLogic activated, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // One row by its key: a process that decides asks once a second for it, and a change is everywhere in two.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private long _seen;
    private bool _told;

    /// <summary>The number of the activation that holds here; 0 for none.</summary>
    public long Number => Volatile.Read(ref _seen);

    /// <summary>Completes when it was read what is decided by; waits for a store that does not answer.</summary>
    public async Task ReadFirstAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is null)
            await Task.Delay(s_interval, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks for a change every second from now on.</summary>
    public void Start() => _loop = LoopAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        // What could not be loaded is tried again: nobody activates it twice.
        bool isOwed = false, isSaid = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(s_interval, time, cancellationToken).ConfigureAwait(false);
                isOwed |= await ReadAsync(cancellationToken).ConfigureAwait(false) is true;
                if (!isOwed)
                    continue;
                await folder.ReloadAsync(cancellationToken).ConfigureAwait(false);
                isOwed = isSaid = false;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!isSaid)
                    LogNotLoaded(e);
                isSaid = true;
            }
        }
    }

    /// <summary>Whether there is something else to decide by; null when that could not be read.</summary>
    private async Task<bool?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var last = await activated.LastActivationAsync(cancellationToken).ConfigureAwait(false);
            if ((last?.Number ?? 0) == _seen)
            {
                _told = false;
                return false;
            }
            var version = last!.Version is { } name
                ? await activated.FindLogicVersionAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException($"The sources of {name} are not in the store.")
                : null;
            await folder.ActivateAsync(last, version?.Sources, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _seen, last.Number);
            _told = false;
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!_told)
                LogNotRead(e);
            _told = true;
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot be read now which routing logic is activated; what decides goes on deciding, and it is tried again every second.")]
    private partial void LogNotRead(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Loading the routing logic that was activated failed unexpectedly; it is tried again every second.")]
    private partial void LogNotLoaded(Exception e);
}
