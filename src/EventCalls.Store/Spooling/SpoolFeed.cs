using System.Threading.Channels;
using EventCalls.Contracts;
using EventCalls.Store.Recording;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Spooling;

/// <summary>The recorder's durable queue where there is no broker: a batch is on disk when it counts as taken, and is brought to the store from there.</summary>
/// <remarks>
/// When the spool's disk takes nothing, a batch counts as taken when the store has it. A batch that waits long is not kept in memory. One
/// that the store never takes is kept aside in the spool's folder. Safe from any thread.
/// </remarks>
public sealed class SpoolFeed : IAsyncDisposable
{
    // A batch may wait for the one with its events' causes, and must not keep that one from the store.
    private const int Window = 64;
    private const int MostTries = 10;
    private const long MostInMemory = 16 * 1024 * 1024;

    // Events take several times the room of their JSON: with a store that keeps up they wait for milliseconds, and else they are read again.
    private const long MostAsEvents = 2 * 1024 * 1024;

    private static readonly TimeSpan s_directLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_tendInterval = TimeSpan.FromSeconds(1);

    private readonly Spool _spool;
    private readonly AppendQueue _queue;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _window = new(Window, Window);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _leftTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _feeding;
    private readonly Task _tending;
    private long _inMemory;
    private int _leftUntried;

    /// <summary>Begins with what earlier runs left.</summary>
    /// <param name="spool">The spool; not disposed here.</param>
    /// <param name="queue">What brings events to the store; not disposed here, and disposed after this.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public SpoolFeed(Spool spool, AppendQueue queue, TimeProvider clock, ILogger<SpoolFeed> logger)
    {
        _spool = spool;
        _queue = queue;
        _clock = clock;
        _logger = logger;
        var left = spool.TakeLeft();
        _leftUntried = left.Count;
        if (_leftUntried == 0)
            _leftTried.SetResult();
        foreach (var record in left)
            _items.Writer.TryWrite(new Item(record, null) { IsLeft = true });
        _feeding = Task.Run(FeedAsync);
        _tending = Task.Run(TendAsync);
    }

    /// <summary>Runs as long as the feed works; faults when it cannot go on.</summary>
    public Task Completion => Task.WhenAll(_feeding, _tending);

    /// <summary>Completes when everything that earlier runs left was brought to the store once, so that it comes before what this run adds.</summary>
    public Task LeftBroughtAsync(CancellationToken cancellationToken) => _leftTried.Task.WaitAsync(cancellationToken);

    /// <summary>Takes a batch; completes when it is on disk, or in the store.</summary>
    /// <exception cref="IOException">Neither takes it now; trying again is safe.</exception>
    public async Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        SpoolRecord record;
        try
        {
            record = _spool.Append(batch.Payload, batch.Count);
        }
        catch (IOException e)
        {
            await StoreDirectlyAsync(batch, e, cancellationToken).ConfigureAwait(false);
            return;
        }
        long inMemory = Interlocked.Add(ref _inMemory, batch.Payload.Length);
        bool keep = inMemory <= MostInMemory;
        if (!keep)
            Interlocked.Add(ref _inMemory, -batch.Payload.Length);
        _items.Writer.TryWrite(new Item(record, keep ? batch.Payload : null) { Events = inMemory <= MostAsEvents ? batch.Events : null });
    }

    /// <summary>Completes when the store has everything, when it took nothing for a while, or when the limit comes.</summary>
    public Task FlushAsync(TimeSpan quiet, CancellationToken limit) =>
        Quiet.UntilAsync(() => _spool.OwedEvents, Completion, quiet, _clock, limit);

    /// <summary>Stops; what the store does not have yet stays in the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Those under way settle or leave their records; they hold slots of the window until then.
        for (int i = 0; i < Window; i++)
            await _window.WaitAsync().ConfigureAwait(false);
        _leftTried.TrySetCanceled();
    }

    private async Task FeedAsync()
    {
        try
        {
            await foreach (var item in _items.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _window.WaitAsync(_stopping.Token).ConfigureAwait(false);
                _ = StoreAsync(item);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task TendAsync()
    {
        using var timer = new PeriodicTimer(s_tendInterval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                _spool.Tend();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task StoreAsync(Item item)
    {
        try
        {
            if (await TryStoreAsync(item).ConfigureAwait(false))
                return;
        }
        finally
        {
            _window.Release();
            if (item.IsLeft && item.Tries <= 1 && Interlocked.Decrement(ref _leftUntried) == 0)
                _leftTried.TrySetResult();
        }
        try
        {
            await Task.Delay(s_retryDelay, _clock, _stopping.Token).ConfigureAwait(false);
            _items.Writer.TryWrite(item);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>False when it is to be tried again later.</summary>
    private async Task<bool> TryStoreAsync(Item item)
    {
        item.Tries++;
        byte[]? payload = item.Payload;
        try
        {
            payload ??= Spool.Read(item.Record);
            var reading = EventBatchReading.Of(new CallEventBatch { Source = _spool.Folder, Count = item.Record.Events, Payload = payload, Events = item.Events });
            item.Events = null;
            await _queue.AppendAsync(reading.Events, _stopping.Token).ConfigureAwait(false);
            if (reading.Unreadable is { } unreadable)
                Refuse(item, payload, unreadable);
            else
                Settle(item);
            return true;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (EventRefusedException e)
        {
            return TryRefuse(item, payload, e);
        }
        catch (Exception e)
        {
            if (item.Tries >= MostTries)
                return TryRefuse(item, payload, e);
            _logger.LogWarning("A batch in the spool could not be stored, and is tried again in {Seconds} s ({Try} of {Tries}): {Problem}", s_retryDelay.TotalSeconds, item.Tries, MostTries, e.Message);
            return false;
        }
    }

    private bool TryRefuse(Item item, byte[]? payload, Exception why)
    {
        if (payload is null)
        {
            // The spool itself cannot be read: the file stays, and the next start says so too.
            _logger.LogError(why, "A batch in {File} cannot be read; the file is kept", item.Record.File.Path);
            return true;
        }
        try
        {
            Refuse(item, payload, why);
            return true;
        }
        catch (IOException e)
        {
            _logger.LogError(e, "What the store refuses could not be kept aside; it stays in {File}", item.Record.File.Path);
            return false;
        }
    }

    private void Refuse(Item item, byte[] payload, Exception why)
    {
        string file = _spool.Refuse(item.Record, payload);
        Forget(item);
        _logger.LogError(why, "The store does not take {Events} event(s) or some of them; they are kept in {File}", item.Record.Events, file);
    }

    private void Settle(Item item)
    {
        _spool.Settle(item.Record);
        Forget(item);
    }

    private void Forget(Item item)
    {
        if (item.Payload is not null)
            Interlocked.Add(ref _inMemory, -item.Payload.Length);
        item.Payload = null;
    }

    private async Task StoreDirectlyAsync(CallEventBatch batch, IOException spoolProblem, CancellationToken cancellationToken)
    {
        var reading = EventBatchReading.Of(batch);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_directLimit);
        try
        {
            await _queue.AppendAsync(reading.Events, limit.Token).ConfigureAwait(false);
        }
        catch (EventRefusedException e)
        {
            _logger.LogError(e, "The store does not take an event, and the spool has no room to keep it");
        }
        catch (Exception e) when (e is OperationCanceledException or CauseNotStoredException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException($"the spool {_spool.Folder} takes nothing ({spoolProblem.Message.TrimEnd('.')}), and the store did not take it in {s_directLimit.TotalSeconds} s", spoolProblem);
        }
        if (reading.Unreadable is { } unreadable)
            _logger.LogError(unreadable, "An event cannot be read, and the spool has no room to keep it");
    }

    private sealed class Item(SpoolRecord record, byte[]? payload)
    {
        public SpoolRecord Record { get; } = record;

        /// <summary>Null when it is to be read from the spool.</summary>
        public byte[]? Payload { get; set; } = payload;

        /// <summary>The payload's events; null when they are to be read from it.</summary>
        public IReadOnlyList<CallEvent>? Events { get; set; }

        public bool IsLeft { get; init; }

        public int Tries { get; set; }
    }
}
