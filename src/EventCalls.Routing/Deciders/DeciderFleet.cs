using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciders;

/// <summary>Keeps as many deciders running as are wanted, and a fresh one ready; watches them all.</summary>
internal sealed partial class DeciderFleet : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly DeciderPoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<DeciderProcess, Task> _prepare;
    private readonly Action<DeciderDeath> _died;
    private readonly Action _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _stopWatching = new();
    private readonly List<DeciderProcess> _preparing = [];
    private volatile Member[] _members = [];
    private Task _starts = Task.CompletedTask;
    private int _starting;
    private int _endsInARow;
    private long _lastEnd;

    /// <param name="options">How many.</param>
    /// <param name="prepare">Awaited with each before it decides.</param>
    /// <param name="died">Called when one has ended.</param>
    /// <param name="changed">Called when there is one more.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where deciders that cannot be started are reported.</param>
    public DeciderFleet(
        DeciderPoolOptions options, Func<DeciderProcess, Task> prepare, Action<DeciderDeath> died, Action changed, TimeProvider time, ILogger logger)
    {
        (_options, _prepare, _died, _changed, _time, _logger) = (options, prepare, died, changed, time, logger);
    }

    /// <summary>Why the last one could not be started; null when it could.</summary>
    public string? StartError { get; private set; }

    /// <summary>Those that decide.</summary>
    public IReadOnlyList<DeciderProcess> Running => [.. _members.Select(m => m.Process)];

    /// <summary>Begins, once: not before whoever is told can be told, which is when the constructor has given it the fleet.</summary>
    public void Start()
    {
        Fill();
        new Thread(Watch) { IsBackground = true, Name = "decider watchdog" }.Start();
    }

    /// <summary>Those that are at one decision for longer than others should wait for it.</summary>
    public IEnumerable<DeciderProcess> HeldUp() => _members.Where(m => m.IsHeldUp).Select(m => m.Process);

    /// <summary>The one to ask next: the first that is not held up, or the least busy of several; null when none runs.</summary>
    public DeciderProcess? Choose()
    {
        DeciderProcess? best = null, last = null;
        int fewest = int.MaxValue, looked = 0;
        foreach (var member in _members)
        {
            if (member.Process.HasEnded)
                continue;
            last = member.Process;
            if (member.IsHeldUp || looked == _options.Count)
                continue;
            looked++;
            if (_options.Count == 1)
                return member.Process;
            int outstanding = member.Process.Outstanding;
            if (outstanding < fewest)
                (best, fewest) = (member.Process, outstanding);
        }

        return best ?? last;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _stopWatching.Set();
        Task starts;
        lock (_gate)
            starts = _starts;
        await starts.ConfigureAwait(false);
        foreach (var member in _members)
            await member.Process.DisposeAsync().ConfigureAwait(false);
    }

    // A held-up decider will mostly be killed: its successor is started before.
    private void Fill()
    {
        lock (_gate)
        {
            int heldUp = Math.Min(_members.Count(m => m.IsHeldUp), _options.Count + _options.Spares);
            int missing = _options.Count + _options.Spares + heldUp - _members.Length - _starting;
            for (; missing > 0 && !_stop.IsCancellationRequested; missing--)
            {
                _starting++;
                _starts = Task.WhenAll(_starts.IsCompleted ? Task.CompletedTask : _starts, Task.Run(StartAsync));
            }
        }
    }

    private async Task StartAsync()
    {
        DeciderProcess? started = null;
        try
        {
            await Task.Delay(Delay(), _time, _stop.Token).ConfigureAwait(false);
            started = await DeciderProcess.StartAsync(_options.Process, _time, _stop.Token).ConfigureAwait(false);
            lock (_gate)
                _preparing.Add(started);
            await _prepare(started).WaitAsync(_stop.Token).ConfigureAwait(false);
            StartError = null;
        }
        catch (Exception e)
        {
            if (started is not null)
                await started.DisposeAsync().ConfigureAwait(false);
            if (e is not OperationCanceledException)
                NotStarted(e);
        }

        bool runs;
        lock (_gate)
        {
            _starting--;
            if (started is { HasEnded: true })
            {
                _endsInARow++;
                _lastEnd = _time.GetTimestamp();
            }

            if (started is not null)
                _preparing.Remove(started);
            runs = started is { HasEnded: false } && !_stop.IsCancellationRequested;
            if (runs)
                _members = [.. _members, new Member(started!)];
        }

        if (runs)
            _ = FollowAsync(started!);
        else if (started is not null)
            await started.DisposeAsync().ConfigureAwait(false);
        _changed();
        Fill();
    }

    private void NotStarted(Exception e)
    {
        lock (_gate)
        {
            _endsInARow++;
            _lastEnd = _time.GetTimestamp();
        }

        StartError = e.Message;
        LogNotStarted(e.Message);
    }

    private TimeSpan Delay()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lastEnd) > s_slowest)
                _endsInARow = 0;
            // The first few at once: they are what the next call waits for.
            return _endsInARow <= 4 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(s_slowest.Ticks, s_firstDelay.Ticks << Math.Min(_endsInARow - 5, 10)));
        }
    }

    private async Task FollowAsync(DeciderProcess process)
    {
        var death = await process.Completion.ConfigureAwait(false);
        lock (_gate)
        {
            _members = [.. _members.Where(m => m.Process != process)];
            _endsInARow++;
            _lastEnd = _time.GetTimestamp();
        }

        Fill();
        _died(death);
    }

    private void Watch()
    {
        while (!_stopWatching.Wait(s_tick))
        {
            DeciderProcess[] preparing;
            lock (_gate)
                preparing = [.. _preparing];
            foreach (var process in preparing)
                process.Watch();
            bool heldUp = false;
            foreach (var member in _members)
            {
                bool before = member.IsHeldUp;
                member.IsHeldUp = member.Process.Watch() > _options.Patience;
                heldUp |= member.IsHeldUp && !before;
            }

            if (heldUp)
                Fill();
            _changed();

            Trim();
        }
    }

    // What was started for one that was held up, and came back after all.
    private void Trim()
    {
        Member[] members = _members;
        if (members.Length <= _options.Count + _options.Spares || members.Any(m => m.IsHeldUp) || members[^1].Process.Outstanding > 0)
            return;
        lock (_gate)
            _members = [.. _members.Where(m => m != members[^1])];
        members[^1].Process.Kill();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A process for routing decisions cannot be started: {Error}")]
    private partial void LogNotStarted(string error);

    private sealed class Member(DeciderProcess process)
    {
        public DeciderProcess Process { get; } = process;

        public volatile bool IsHeldUp;
    }
}
