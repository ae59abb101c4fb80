using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Topology;

/// <summary>Hands messages of one type to their consumer in this process without the bus, so many at once as its queue would.</summary>
/// <remarks>
/// What is handed over is on record, and the call it belongs to lives in this process: the bus would keep nothing that this does not, and only write and read
/// the message, and wake thread after thread on the way. What fails here goes over the bus, which tries it again as it does everywhere. Safe from any thread.
/// </remarks>
public sealed class DirectDelivery(Type type, int concurrency, Func<CallEvent, CancellationToken, Task> consume, ILogger logger)
{
    /// <summary>The node whose messages are handed over; null: those of all.</summary>
    public string? Node { get; init; }

    /// <summary>Whether others can take what is too much here: then it goes over the bus at once, instead of waiting.</summary>
    public bool IsShared { get; init; }

    private readonly SemaphoreSlim _places = new(concurrency, concurrency);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource? _done;
    private int _underWay;
    private bool _stopped;

    /// <summary>The type of the messages.</summary>
    internal Type Type { get; } = type;

    /// <summary>Begins to consume the message; false when it is to go over the bus.</summary>
    /// <param name="message">The message, of that type.</param>
    /// <param name="overBus">Sends it over the bus instead, when it could not be consumed.</param>
    internal bool TryDeliver(CallEvent message, Func<CallEvent, CancellationToken, Task> overBus)
    {
        if (Node is not null && NodeOf(message) != Node)
            return false;
        lock (_gate)
        {
            if (_stopped || (IsShared && _underWay >= concurrency))
                return false;
            _underWay++;
        }
        _ = ConsumeAsync(message, overBus);
        return true;
    }

    /// <summary>Takes no more; completes when what was taken is consumed. When the token is cancelled first, that is given up.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        Task done;
        lock (_gate)
        {
            _stopped = true;
            done = _underWay == 0 ? Task.CompletedTask : (_done ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        try
        {
            await done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The node that the event is for, where it is one that a node acts on; else null.</summary>
    public static string? NodeOf(CallEvent message) => message switch
    {
        CallStarted started => started.Node,
        HandoffRequested handoff => handoff.Node,
        _ => null,
    };

    private async Task ConsumeAsync(CallEvent message, Func<CallEvent, CancellationToken, Task> overBus)
    {
        try
        {
            await _places.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                await consume(message, _stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // As with the bus: what it still held when the process stops is over with it.
        }
        catch (Exception e)
        {
            await SendAsync(message, overBus, e).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (--_underWay == 0)
                    _done?.TrySetResult();
            }
        }
    }

    private async Task SendAsync(CallEvent message, Func<CallEvent, CancellationToken, Task> overBus, Exception why)
    {
        logger.LogWarning(why, "{Message} of the call {Call} could not be handed over; it goes over the bus", message.GetType().Name, message.CallId);
        try
        {
            await overBus(message, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (!_stopping.IsCancellationRequested)
                logger.LogError(e, "{Message} of the call {Call} could not be sent over the bus either", message.GetType().Name, message.CallId);
        }
    }
}
