using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Gathers the events of many bus messages into few appends. One for each recorder process; safe from any thread.</summary>
/// <remarks>
/// While one append runs the next one gathers, so batches grow with the load by themselves. A message is done only when every
/// event of it is stored. While the store cannot be reached, everything waits; a message that the store refuses fails alone.
/// </remarks>
public sealed class AppendQueue : IAsyncDisposable
{
    private readonly AppendQueueOptions _options;
    private readonly TimeProvider _clock;
    private readonly Channel<PendingAppend> _queue;
    private readonly BatchAppender _appender;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    /// <summary>Makes the queue and starts its work.</summary>
    public AppendQueue(ICallStore store, AppendQueueOptions options, TimeProvider clock, ILogger<AppendQueue> logger)
    {
        _options = options;
        _clock = clock;
        _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _appender = new BatchAppender(store, options, clock, logger);
        _loop = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>Runs as long as the queue works; faults when it cannot go on.</summary>
    public Task Completion => _loop;

    /// <summary>How long the append under way has lasted; zero when there is none. From any thread.</summary>
    public TimeSpan UnderWay => _appender.UnderWay;

    /// <summary>Completes when all events are stored.</summary>
    /// <param name="events">Events of one message, causes before effects; not changed until the task ends.</param>
    /// <param name="cancellationToken">Gives up waiting; the events may be stored nevertheless.</param>
    /// <exception cref="CauseNotStoredException">The cause of an event did not come in time; the other events are stored.</exception>
    /// <exception cref="EventRefusedException">The store does not take an event's data; the other events are stored.</exception>
    public async Task AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        if (events.Count > 0)
            await QueueAsync(events, cancellationToken);
    }

    /// <summary>Completes when every event queued before is stored, or refused, or waits for its cause.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task FlushAsync(CancellationToken cancellationToken) => QueueAsync([], cancellationToken);

    /// <summary>Stops; messages that are not stored yet fail as cancelled and stay on the bus.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _loop;
        _appender.Dispose();
        _stopping.Dispose();
    }

    private async Task QueueAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        using var entry = new PendingAppend(events, _clock.GetTimestamp(), cancellationToken);
        await _queue.Writer.WriteAsync(entry, cancellationToken);
        await entry.Task;
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var batch = new List<PendingAppend>();
        try
        {
            while (true)
            {
                await GatherAsync(batch, stopping);
                // Those that wait for a cause come after the new ones, which may bring it.
                batch.AddRange(_appender.Waiting);
                batch.RemoveAll(entry => entry.IsOver);
                await _appender.AppendAsync(batch, stopping);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _queue.Writer.TryComplete();
            var left = batch.Concat(_appender.Waiting).ToList();
            while (_queue.Reader.TryRead(out var entry))
                left.Add(entry);
            left.ForEach(entry => entry.Fail(new OperationCanceledException("The recorder is stopping.", stopping)));
        }
    }

    /// <summary>Takes what is queued, waiting for a first entry, for the linger time, or for the time to look again for causes.</summary>
    private async Task GatherAsync(List<PendingAppend> batch, CancellationToken stopping)
    {
        int events = Take(batch, 0);
        // A flush has no events, and is not to wait for some.
        if (batch.Count == 0 && !_appender.RetryAtOnce)
        {
            await WaitForEntryAsync(stopping);
            events = Take(batch, 0);
        }
        if (events > 0 && events < _options.MaxEvents)
        {
            var linger = _options.Linger - _clock.GetElapsedTime(batch[0].QueuedAt);
            if (linger > TimeSpan.Zero)
            {
                await Task.Delay(linger, _clock, stopping);
                Take(batch, events);
            }
        }
    }

    private int Take(List<PendingAppend> batch, int events)
    {
        while (events < _options.MaxEvents && _queue.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
            events += entry.Events.Count;
        }
        return events;
    }

    private async Task WaitForEntryAsync(CancellationToken stopping)
    {
        var arrival = _queue.Reader.WaitToReadAsync(stopping).AsTask();
        if (_appender.Waiting.Count == 0)
        {
            await arrival;
            return;
        }
        try
        {
            await arrival.WaitAsync(_options.CauseRetryInterval, _clock, stopping);
        }
        catch (TimeoutException)
        {
        }
    }
}
