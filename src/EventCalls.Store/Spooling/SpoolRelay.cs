using System.Threading.Channels;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Spooling;

/// <summary>Brings what is in the spool to a broker that was away: the oldest first, one batch after the other, each settled when it is taken. Safe from any thread.</summary>
/// <remarks>A batch may be sent twice, after a failure or a restart; the recorder stores an event once.</remarks>
public sealed class SpoolRelay : ISpoolRelay
{
    private const int MostEvents = 500;
    private const int MostBytes = 256 * 1024;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tendInterval = TimeSpan.FromSeconds(1);

    private readonly Spool _spool;
    private readonly string _source;
    private readonly Func<CallEventBatch, CancellationToken, Task> _send;
    private readonly Action _emptied;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<SpoolRecord> _records = Channel.CreateUnbounded<SpoolRecord>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _relaying;
    private readonly Task _tending;
    private int _waiting;

    /// <summary>Begins with what earlier runs left.</summary>
    /// <param name="spool">The spool; not disposed here.</param>
    /// <param name="source">Who writes it: the node.</param>
    /// <param name="send">Sends a batch; completes when it is taken for good, and may wait for that as long as it takes. What it throws is tried again.</param>
    /// <param name="emptied">Called when nothing waits any more.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public SpoolRelay(Spool spool, string source, Func<CallEventBatch, CancellationToken, Task> send, Action emptied, TimeProvider clock, ILogger<SpoolRelay> logger)
    {
        _spool = spool;
        _source = source;
        _send = send;
        _emptied = emptied;
        _clock = clock;
        _logger = logger;
        foreach (var record in spool.TakeLeft())
            Queue(record);
        _relaying = Task.Run(RelayAsync);
        _tending = Task.Run(TendAsync);
    }

    /// <inheritdoc />
    public string Folder => _spool.Folder;

    /// <inheritdoc />
    public long OwedEvents => _spool.OwedEvents;

    /// <inheritdoc />
    public bool IsFull => _spool.IsFull;

    /// <inheritdoc />
    public bool IsEmpty => Volatile.Read(ref _waiting) == 0;

    /// <inheritdoc />
    public Task Completion => Task.WhenAll(_relaying, _tending);

    /// <inheritdoc />
    public void Add(CallEventBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Queue(_spool.Append(batch.Payload, batch.Count));
    }

    /// <inheritdoc />
    public Task FlushAsync(TimeSpan quiet, CancellationToken limit) =>
        Quiet.UntilAsync(() => Volatile.Read(ref _waiting), Completion, quiet, _clock, limit);

    /// <summary>Stops; what was not taken stays in the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Queue(SpoolRecord record)
    {
        Interlocked.Increment(ref _waiting);
        _records.Writer.TryWrite(record);
    }

    private async Task RelayAsync()
    {
        var group = new List<SpoolRecord>();
        try
        {
            while (await _records.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                // One message costs the broker the same, be it for one event or for hundreds.
                var batch = Gather(group);
                if (batch.Count > 0)
                    await UntilTakenAsync(batch).ConfigureAwait(false);
                group.ForEach(_spool.Settle);
                if (Interlocked.Add(ref _waiting, -group.Count) == 0)
                    _emptied();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private CallEventBatch Gather(List<SpoolRecord> group)
    {
        group.Clear();
        int events = 0;
        using var payload = new MemoryStream();
        while (events < MostEvents && _records.Reader.TryPeek(out var record) && (payload.Length == 0 || payload.Length + record.Length <= MostBytes))
        {
            _records.Reader.TryRead(out _);
            try
            {
                payload.Write(Spool.Read(record));
                events += record.Events;
                group.Add(record);
            }
            catch (IOException e)
            {
                // Not settled: the file stays, and the next start says so too.
                _logger.LogError(e, "A batch in {File} cannot be read; the file is kept", record.File.Path);
                Interlocked.Decrement(ref _waiting);
            }
        }
        return new CallEventBatch { Source = _source, Count = events, Payload = payload.ToArray() };
    }

    private async Task UntilTakenAsync(CallEventBatch batch)
    {
        for (bool told = false; ;)
        {
            try
            {
                await _send(batch, _stopping.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                if (!told)
                    _logger.LogWarning("What waits in {Folder} could not be sent yet; trying again: {Problem}", _spool.Folder, e.Message);
                told = true;
                await Task.Delay(s_retryDelay, _clock, _stopping.Token).ConfigureAwait(false);
            }
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
}
