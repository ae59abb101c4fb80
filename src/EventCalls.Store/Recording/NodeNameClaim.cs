using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Holds a node's name in the store for as long as the process runs: where there is no broker, nothing else says that a second node has it.</summary>
/// <param name="names">The store.</param>
/// <param name="store">The store, as <see cref="IPastCalls.Description"/> names it.</param>
/// <param name="node">The name.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it is said that somebody is waited for.</param>
/// <param name="lost">Told once when the name was lost while this process ran, and another one has taken it since.</param>
public sealed partial class NodeNameClaim(INodeNames names, string store, string node, TimeProvider clock, ILogger logger, Action<NodeNameTakenException> lost) : IAsyncDisposable
{
    // What a process leaves in a store is gone at once; what a machine that vanished leaves in PostgreSQL, when its session was idle for 15 s.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private IHeldName? _held;
    private Task _watch = Task.CompletedTask;

    /// <summary>Takes the name; waits as long as the store may need to notice that an earlier run is gone.</summary>
    /// <exception cref="NodeNameTakenException">Another process has it, and lives.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        _held = await UntilHeldAsync(cancellationToken);
        _watch = WatchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch;
        if (_held is not null)
            await _held.DisposeAsync();
        _held = null;
    }

    private async Task<IHeldName> UntilHeldAsync(CancellationToken cancellationToken)
    {
        long? takenSince = null;
        string problem = "";
        while (true)
        {
            try
            {
                if (await names.TryHoldAsync(node, cancellationToken) is { } held)
                    return held;
                if (takenSince is null)
                    LogTaken(node, store, s_longest.TotalSeconds);
                takenSince ??= clock.GetTimestamp();
                if (clock.GetElapsedTime(takenSince.Value) >= s_longest)
                    throw new NodeNameTakenException(node, store);
            }
            catch (StoreUnreachableException e)
            {
                // Who had the name may have lost it too. Each new reason is said once.
                takenSince = null;
                if (e.Message != problem)
                    LogAway(node, e.Message);
                problem = e.Message;
            }
            await Task.Delay(s_interval, clock, cancellationToken);
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _held!.Lost.WaitAsync(_stopping.Token);
                await _held.DisposeAsync();
                _held = null;
                _held = await UntilHeldAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (NodeNameTakenException e)
        {
            LogLost(e.Message);
            lost(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name of the node {Node} is taken in {Store}; if it is an earlier run that stops, or whose machine is gone, it will be free within {Seconds} s")]
    private partial void LogTaken(string node, string store, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name of the node {Node} cannot be held now; trying again: {Problem}")]
    private partial void LogAway(string node, string problem);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The node's name was lost with the connection to the store: {Reason}")]
    private partial void LogLost(string reason);
}
