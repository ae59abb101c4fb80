using System.Collections.Concurrent;
using EventCalls.Bus.Outage;
using EventCalls.Contracts;

namespace EventCalls.Bus.Tests.Outage;

/// <summary>A broker that confirms when the test says so, and remembers what it got.</summary>
internal sealed class FakeBroker : IBroker
{
    private readonly ConcurrentQueue<string> _log = new();
    private volatile TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _waiting;

    public FakeBroker() => Open();

    /// <summary>How many it has been sent and not confirmed.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>What it took, in order: <c>batch …</c> with the names of the events, <c>told …</c>, <c>late …</c>, <c>asked</c>, <c>reroute</c>, <c>alive</c>, <c>version …</c>.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>The ids of the recorded events, in order.</summary>
    public ConcurrentQueue<Guid> Recorded { get; } = new();

    /// <summary>Thrown by whatever is sent.</summary>
    public Exception? Throws { get; set; }

    /// <summary>Thrown by what is told.</summary>
    public Exception? ThrowsWhenTold { get; set; }

    /// <summary>Confirms what waits, and all that follows.</summary>
    public void Open() => _gate.TrySetResult();

    /// <summary>Takes nothing any more, and says nothing.</summary>
    public void Hang() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task SendAsync(CallEventBatch batch, CancellationToken cancellationToken) => TakeAsync($"batch {string.Join(' ', HeldBus.Names(batch))}", () =>
    {
        foreach (var line in System.Text.Encoding.UTF8.GetString(batch.Payload).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Recorded.Enqueue(System.Text.Json.JsonDocument.Parse(line[(line.IndexOf(' ') + 1)..]).RootElement.GetProperty("eventId").GetGuid());
    });

    /// <summary>Which events the process acts on itself while the broker is there.</summary>
    public Func<CallEvent, bool> ActsOn { get; set; } = static _ => false;

    public bool HandOver(CallEvent e)
    {
        if (!ActsOn(e))
            return false;
        _log.Enqueue($"handed over {CallEventNames.Of(e)}");
        return true;
    }

    public Task TellAsync(CallEvent e, CancellationToken cancellationToken) => TellAsync("told", e);

    public Task TellLateAsync(CallEvent e, CancellationToken cancellationToken) => TellAsync("late", e);

    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) => TakeAsync("alive");

    public Task TellAsync(TrunkEvent e, CancellationToken cancellationToken) => TakeAsync($"{e.TypeName} {e.Server}");

    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) => TakeAsync("asked");

    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) => TakeAsync("reroute");

    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) => TakeAsync($"version {version.Version}");

    private async Task TellAsync(string how, CallEvent e)
    {
        if (ThrowsWhenTold is { } e2)
            throw e2;
        await TakeAsync($"{how} {CallEventNames.Of(e)}");
    }

    // What was sent may arrive after its sender has given it up: it does not look at the token.
    private async Task TakeAsync(string what, Action? taken = null)
    {
        Interlocked.Increment(ref _waiting);
        await _gate.Task;
        Interlocked.Decrement(ref _waiting);
        if (Throws is { } e)
            throw e;
        taken?.Invoke();
        _log.Enqueue(what);
    }
}
