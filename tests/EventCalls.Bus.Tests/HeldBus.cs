using System.Collections.Concurrent;
using System.Text;
using EventCalls.Bus.Journal;
using EventCalls.Contracts;

namespace EventCalls.Bus.Tests;

/// <summary>A bus that confirms when the test says so, and remembers what it got.</summary>
internal sealed class HeldBus : IJournalBus
{
    private readonly ConcurrentQueue<string> _log = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    public HeldBus(bool open = true)
    {
        if (open)
            _gate.SetResult();
    }

    /// <summary>What happened at the bus, in order: <c>batch …</c> when a batch arrived, <c>confirmed</c>, <c>told …</c>.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>The names of the recorded events in order.</summary>
    public IEnumerable<string> Recorded => Log.Where(l => l.StartsWith("batch ", StringComparison.Ordinal)).SelectMany(l => l["batch ".Length..].Split(' '));

    public int Batches => Log.Count(l => l.StartsWith("batch ", StringComparison.Ordinal));

    public void Open() => _gate.TrySetResult();

    public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void FailNext(int times) => Interlocked.Add(ref _failures, times);

    public async Task<Taker> SendAsync(CallEventBatch batch, CancellationToken cancellationToken)
    {
        await ThroughAsync(cancellationToken);
        _log.Enqueue("batch " + string.Join(' ', Names(batch)));
        _log.Enqueue("confirmed");
        return Taker.Bus;
    }

    /// <summary>Which events this process acts on itself.</summary>
    public Func<CallEvent, bool> ActsOn { get; init; } = static _ => false;

    /// <summary>What an event waits for before it is told.</summary>
    public Func<CallEvent, Task> BeforeTelling { get; init; } = static _ => Task.CompletedTask;

    public bool HandOver(CallEvent e)
    {
        if (!ActsOn(e))
            return false;
        _log.Enqueue($"handed over {CallEventNames.Of(e)}");
        return true;
    }

    public async Task TellAsync(CallEvent e, Taker taker, bool isActedOn, CancellationToken cancellationToken)
    {
        await ThroughAsync(cancellationToken);
        await BeforeTelling(e);
        _log.Enqueue($"told {CallEventNames.Of(e)}{(isActedOn ? " as acted on" : "")}");
    }

    public static IReadOnlyList<string> Names(CallEventBatch batch)
    {
        var names = new List<string>();
        ReadOnlyMemory<byte> payload = batch.Payload;
        while (CallEventCodec.TryReadLine(ref payload, out var name, out _))
            names.Add(Encoding.ASCII.GetString(name.Span));
        return names;
    }

    private async Task ThroughAsync(CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        if (Interlocked.Decrement(ref _failures) >= 0)
            throw new IOException("the broker is away");
        Interlocked.Exchange(ref _failures, 0);
    }
}
