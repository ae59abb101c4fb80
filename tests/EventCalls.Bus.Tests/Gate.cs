using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Bus.Tests;

/// <summary>A consumer that is in the middle of its message until the test lets it go on.</summary>
internal sealed class Gate : IConsumer<CallStarted>
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _finished;

    public Task Entered => _entered.Task;

    public int Finished => Volatile.Read(ref _finished);

    public void Open() => _open.TrySetResult();

    public async Task Consume(ConsumeContext<CallStarted> context)
    {
        _entered.TrySetResult();
        await _open.Task;
        Interlocked.Increment(ref _finished);
    }
}
