using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Loading;

/// <summary>Follows what was activated for all routers: within seconds, and before the first load. While it cannot be read the last version goes on deciding.</summary>
internal sealed partial class ActivationWatch : IAsyncDisposable
{
    private readonly LogicFolder _folder;
    private readonly IActivatedLogic _activated;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorePoll _first;
    private readonly StorePoll _poll;
    private long _seen;
    private bool _isOwed;
    private bool _isSaid;

    public ActivationWatch(LogicFolder folder, IActivatedLogic activated, TimeProvider time, ILogger logger)
    {
        (_folder, _activated, _time, _logger) = (folder, activated, time, logger);
        _first = new StorePoll(ReadAsync, LogNotRead, time);
        _poll = new StorePoll(FollowAsync, LogNotRead, time);
    }

    /// <summary>The number of the activation that holds here; 0 for none.</summary>
    public long Number => Volatile.Read(ref _seen);

    /// <summary>Completes when it was read what is decided by; waits for a store that does not answer.</summary>
    public async Task ReadFirstAsync(CancellationToken cancellationToken)
    {
        while (!await _first.LookAsync(cancellationToken).ConfigureAwait(false))
            await Task.Delay(StorePoll.Interval, _time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks for a change every second from now on.</summary>
    public void Start() => _poll.Start();

    public async ValueTask DisposeAsync()
    {
        await _poll.DisposeAsync().ConfigureAwait(false);
        await _first.DisposeAsync().ConfigureAwait(false);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        _isOwed |= await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!_isOwed)
            return;
        try
        {
            await _folder.ReloadAsync(cancellationToken).ConfigureAwait(false);
            _isOwed = _isSaid = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What could not be loaded is tried again: nobody activates it twice.
            if (!_isSaid)
                LogNotLoaded(e);
            _isSaid = true;
        }
    }

    /// <summary>Whether there is something else to decide by.</summary>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var last = await _activated.LastActivationAsync(cancellationToken).ConfigureAwait(false);
        if ((last?.Number ?? 0) == _seen)
            return false;
        var version = last!.Version is { } name
            ? await _activated.FindLogicVersionAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException($"The sources of {name} are not in the store.")
            : null;
        await _folder.ActivateAsync(last, version?.Sources, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _seen, last.Number);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot be read now which routing logic is activated; what decides goes on deciding, and it is tried again every second.")]
    private partial void LogNotRead(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Loading the routing logic that was activated failed unexpectedly; it is tried again every second.")]
    private partial void LogNotLoaded(Exception e);
}
