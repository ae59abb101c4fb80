using System.Collections.Concurrent;
using System.Threading.Channels;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Journal;

/// <summary>Records first, then tells: entries go to the recorder in batches, and what others act on is published when the bus has confirmed them.</summary>
/// <remarks>
/// One pump, one batch on its way at a time: so entries stay in order, and a bus that is slow to confirm makes larger batches by
/// itself. While the bus is away the entries wait in memory, and <see cref="Backlog"/> says how many.
/// </remarks>
public sealed partial class CallJournal : ICallJournal, IAsyncDisposable
{
    private readonly IJournalBus _bus;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CallJournal> _logger;
    private readonly Channel<JournalEntry> _entries = Channel.CreateUnbounded<JournalEntry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<JournalEntry> _batch = [];
    private readonly PayloadBuffer _payload = new(64 * 1024);
    // The last that each call is being told of: its next events wait for it, and no other call's do.
    private readonly ConcurrentDictionary<Guid, Task> _telling = new();
    private readonly EventMeter _meter;
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _tellingDied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pump;
    private int _backlog;
    private int _unrecorded;
    private int _troubled;

    public CallJournal(IJournalBus bus, JournalOptions options, TimeProvider time, ILogger<CallJournal> logger)
    {
        _bus = bus;
        _options = options;
        _time = time;
        _logger = logger;
        _meter = new EventMeter(this);
        _pump = Task.Run(RunAsync);
        Completion = Task.WhenAny(_pump, _tellingDied.Task).Unwrap();
    }

    /// <inheritdoc />
    public int Backlog => Volatile.Read(ref _backlog);

    /// <inheritdoc />
    public bool IsFull => _bus.IsFull || Completion.IsCompleted;

    /// <summary>How many events are not confirmed; those that came after the drain count too.</summary>
    public int Unrecorded => Volatile.Read(ref _unrecorded);

    /// <summary>Runs until the journal is drained; faults when it cannot go on.</summary>
    public Task Completion { get; }

    /// <inheritdoc />
    public void Append(JournalEntry entry)
    {
        Interlocked.Increment(ref _backlog);
        Interlocked.Add(ref _unrecorded, entry.Events.Length);
        if (_entries.Writer.TryWrite(entry))
        {
            foreach (var e in entry.Events)
            {
                _meter.Count(e);
                EventSpans.Of(e);
            }
            return;
        }
        Interlocked.Decrement(ref _backlog);
        LogTooLate(entry.Events.Length);
        // Who waits for it is told, and can do it again.
        if (entry is AwaitedEntry)
            Interlocked.Add(ref _unrecorded, -entry.Events.Length);
        Abandon(entry);
    }

    /// <inheritdoc />
    public async Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        var entry = new AwaitedEntry([.. events]);
        Append(entry);
        await entry.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more, and completes when all that was taken is confirmed and told; when the token is cancelled first, what is left is given up and logged.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _abandon))
        {
            // What it died of was said when it died.
            await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_telling.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (Backlog > 0)
            LogGivenUp(Backlog, Unrecorded);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync().ConfigureAwait(false);
        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        _abandon.Dispose();
        _meter.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await PumpAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogDied(e, Backlog);
            _entries.Writer.TryComplete();
            _batch.ForEach(Abandon);
            while (_entries.Reader.TryRead(out var entry))
                Abandon(entry);
            throw;
        }
    }

    private static void Abandon(JournalEntry entry) => (entry as AwaitedEntry)?.Abandon();

    private async Task PumpAsync()
    {
        long sentAt = long.MinValue;
        while (await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (sentAt != long.MinValue)
                await GatherAsync(_time.GetElapsedTime(sentAt)).ConfigureAwait(false);
            sentAt = _time.GetTimestamp();
            int count = Fill();
            if (_batch.Count == 0)
                continue;
            var batch = new CallEventBatch { Source = _options.Source, Count = count, Payload = _payload.ToArray(), Events = EventsOf(_batch, count) };
            if (await UntilTakenAsync((Bus: _bus, Batch: batch), static (x, token) => x.Bus.SendAsync(x.Batch, token)).ConfigureAwait(false) is { } taker)
            {
                Interlocked.Add(ref _unrecorded, -count);
                foreach (var entry in _batch)
                    Tell(entry, taker);
            }
            else
            {
                _batch.ForEach(Abandon);
            }
        }
    }

    private async Task GatherAsync(TimeSpan sinceLast)
    {
        double wait = _options.GatherMs - sinceLast.TotalMilliseconds;
        if (wait > 0.5 && !_entries.Reader.Completion.IsCompleted)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait)), _time).ConfigureAwait(false);
    }

    private int Fill()
    {
        _batch.Clear();
        _payload.CutTo(0);
        int count = 0;
        while (count < _options.MaxEvents && _payload.Length < _options.MaxBytes && _entries.Reader.TryRead(out var entry))
        {
            if (!TryWrite(entry))
                continue;
            count += entry.Events.Length;
            _batch.Add(entry);
        }
        return count;
    }

    private static CallEvent[] EventsOf(List<JournalEntry> batch, int count)
    {
        var events = new CallEvent[count];
        int next = 0;
        foreach (var entry in batch)
        {
            entry.Events.CopyTo(events, next);
            next += entry.Events.Length;
        }
        return events;
    }

    // One event that cannot be written must not stop all others.
    private bool TryWrite(JournalEntry entry)
    {
        int start = _payload.Length;
        try
        {
            foreach (var e in entry.Events)
                CallEventCodec.WriteLine(_payload, e);
            return true;
        }
        catch (Exception e)
        {
            _payload.CutTo(start);
            Interlocked.Decrement(ref _backlog);
            Interlocked.Add(ref _unrecorded, -entry.Events.Length);
            LogUnwritable(e, entry.Events.Length, entry.Events[0].CallId);
            (entry as AwaitedEntry)?.Refuse(e);
            return false;
        }
    }

    private void Tell(JournalEntry entry, Taker taker)
    {
        int told = 0;
        foreach (var e in entry.Events)
        {
            if (CallEventNames.IsTold(e))
                told++;
        }
        if (told == 0)
        {
            Confirm(entry);
            return;
        }
        // Who acts in this process need not wait until others were told of what was before.
        var handedOver = taker == Taker.Bus ? HandOver(entry.Events) : null;
        var call = entry.Events[0].CallId;
        var telling = TellAsync(entry, taker, handedOver, _telling.GetValueOrDefault(call, Task.CompletedTask));
        if (telling.IsCompleted)
            return;
        _telling[call] = telling;
        telling.ContinueWith(
            (told, _) => _telling.TryRemove(new(call, told)), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private bool[]? HandOver(CallEvent[] events)
    {
        bool[]? handedOver = null;
        for (int i = 0; i < events.Length; i++)
        {
            if (CallEventNames.IsTold(events[i]) && _bus.HandOver(events[i]))
                (handedOver ??= new bool[events.Length])[i] = true;
        }
        return handedOver;
    }

    private async Task TellAsync(JournalEntry entry, Taker taker, bool[]? handedOver, Task before)
    {
        try
        {
            await TellInTurnAsync(entry, taker, handedOver, before).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogDied(e, Backlog);
            _tellingDied.TrySetException(e);
            Abandon(entry);
        }
    }

    private async Task TellInTurnAsync(JournalEntry entry, Taker taker, bool[]? handedOver, Task before)
    {
        if (!before.IsCompleted)
            await before.ConfigureAwait(false);
        for (int i = 0; i < entry.Events.Length; i++)
        {
            var e = entry.Events[i];
            bool isActedOn = handedOver is not null && handedOver[i];
            if (CallEventNames.IsTold(e) && await UntilTakenAsync((Bus: _bus, Event: e, Taker: taker, isActedOn), TellOnceAsync).ConfigureAwait(false) is null)
            {
                Abandon(entry);
                return;
            }
        }
        Confirm(entry);
    }

    private static async Task<Taker> TellOnceAsync((IJournalBus Bus, CallEvent Event, Taker Taker, bool IsActedOn) what, CancellationToken token)
    {
        await what.Bus.TellAsync(what.Event, what.Taker, what.IsActedOn, token).ConfigureAwait(false);
        return what.Taker;
    }

    private void Confirm(JournalEntry entry)
    {
        Interlocked.Decrement(ref _backlog);
        EventSpans.Confirmed(entry, _time);
        try
        {
            entry.Confirmed();
        }
        catch (Exception e)
        {
            // It must not throw; if it does, the other entries must not pay for it.
            LogConfirmedThrew(e);
        }
    }

    /// <summary>Tries until it is taken; null when the journal was told to give up.</summary>
    private async Task<Taker?> UntilTakenAsync<T>(T what, Func<T, CancellationToken, Task<Taker>> attempt)
    {
        BackOff? backOff = null;
        while (true)
        {
            try
            {
                var taker = await attempt(what, _abandon.Token).ConfigureAwait(false);
                if (backOff is not null && Interlocked.Exchange(ref _troubled, 0) == 1)
                    LogRecovered(Backlog);
                return taker;
            }
            catch (Exception e)
            {
                if (_abandon.IsCancellationRequested)
                    return null;
                backOff ??= new BackOff();
                if (Interlocked.Exchange(ref _troubled, 1) == 0)
                    LogTrouble(Backlog, e.Message);
                try
                {
                    await Task.Delay(backOff.Next(), _time, _abandon.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return null;
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The bus does not confirm; {Backlog} entries wait in memory and are tried again: {Reason}")]
    private partial void LogTrouble(int backlog, string reason);

    [LoggerMessage(2, LogLevel.Information, "The bus confirms again; {Backlog} entries are still waiting")]
    private partial void LogRecovered(int backlog);

    [LoggerMessage(3, LogLevel.Error, "{Events} events came after the journal was closed and are not recorded")]
    private partial void LogTooLate(int events);

    [LoggerMessage(4, LogLevel.Error, "The bus did not confirm before the stop; {Backlog} entries are not told to others, and {Events} events are lost")]
    private partial void LogGivenUp(int backlog, int events);

    [LoggerMessage(5, LogLevel.Error, "A journal entry's Confirmed threw")]
    private partial void LogConfirmedThrew(Exception e);

    [LoggerMessage(6, LogLevel.Error, "{Events} events of call {CallId} cannot be written as JSON and are not recorded")]
    private partial void LogUnwritable(Exception e, int events, Guid callId);

    [LoggerMessage(7, LogLevel.Critical, "The journal cannot go on; {Backlog} entries are not recorded or not told to others")]
    private partial void LogDied(Exception e, int backlog);

    private sealed class AwaitedEntry(CallEvent[] events) : JournalEntry(events)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _done.Task;

        public override void Confirmed() => _done.TrySetResult();

        public void Refuse(Exception why) => _done.TrySetException(why);

        public void Abandon() => _done.TrySetException(new InvalidOperationException("The journal was stopped before the bus confirmed the events."));
    }
}
