using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>
/// Knows how far this recorder has heard what is sent into one of its queues: it sends probes into it, which come back behind everything
/// that was sent before them. Safe from any thread.
/// </summary>
/// <remarks>
/// What was not seen says something only while one could have seen it. A queue that is stuck behind a store that does not write, a
/// backlog, a broker that is away and a process that was frozen all look alike here: no probe comes back in time, and the recorder is deaf.
/// </remarks>
/// <param name="send">Sends a probe into the queue.</param>
/// <param name="options">How often probes are sent; a probe that comes later than a third of the time-out was not in an empty queue.</param>
/// <param name="clock">The clock.</param>
public sealed class ProbedQueue(Func<RecorderProbe, CancellationToken, Task> send, LostNodeOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly TimeSpan _longestLag = Longer(options.Timeout / 3, options.Interval * 2);
    private readonly TimeSpan _longestGap = Longer(options.Timeout / 2, options.Interval * 3);
    private Task _sending = Task.CompletedTask;
    private DateTimeOffset? _clearSince;
    private DateTimeOffset _lastBack;
    private DateTimeOffset _passed;

    /// <summary>Sends a probe, if the last one has left; one caller at a time.</summary>
    public void Probe(CancellationToken cancellationToken)
    {
        if (_sending.IsCompleted)
            _sending = SendAsync(cancellationToken);
    }

    /// <summary>A probe came out of the queue, and what was before it is written.</summary>
    public void TakeBack(RecorderProbe probe)
    {
        var now = clock.GetUtcNow();
        bool isLate = now - probe.SentAt > _longestLag;
        lock (_gate)
        {
            if (isLate)
            {
                // Another recorder's may only look late: its clock is another one.
                if (probe.Recorder == _run)
                    _clearSince = null;
                return;
            }
            if (_clearSince is null || now - _lastBack > _longestGap)
                _clearSince = now;
            _lastBack = now;
            var sentAt = probe.SentAt < now ? probe.SentAt : now;
            _passed = sentAt > _passed ? sentAt : _passed;
        }
    }

    /// <summary>What was heard cannot be looked at: the recorder is deaf until the next probe.</summary>
    public void Deafen()
    {
        lock (_gate)
            _clearSince = null;
    }

    /// <summary>From when to when everything that was sent was heard soon after; null while this recorder is deaf.</summary>
    public (DateTimeOffset Since, DateTimeOffset Until)? Heard()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return _clearSince is { } since && now - _lastBack <= _longestGap ? (since, _passed) : null;
    }

    /// <summary>Whether everything that was sent before a time has been taken in.</summary>
    public bool HasPassed(DateTimeOffset time) => Heard()?.Until >= time;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await send(new RecorderProbe { Recorder = _run, SentAt = clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It does not come back then, which says all there is to say; the journal logs what is wrong with the bus.
        }
    }
}
