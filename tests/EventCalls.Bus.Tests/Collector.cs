using System.Collections.Concurrent;
using MassTransit;

namespace EventCalls.Bus.Tests;

/// <summary>A consumer that keeps what it got, and fails as often as it is told to.</summary>
internal sealed class Collector<T>(int failures = 0) : IConsumer<T>
    where T : class
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<T> _messages = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _failures = failures;
    private int _deliveries;

    public Func<Exception> Failure { get; init; } = () => new InvalidOperationException("this delivery fails");

    public IReadOnlyList<T> Messages => [.. _messages];

    public int Deliveries => Volatile.Read(ref _deliveries);

    public Task Consume(ConsumeContext<T> context)
    {
        Interlocked.Increment(ref _deliveries);
        if (Interlocked.Decrement(ref _failures) >= 0)
            throw Failure();
        _messages.Enqueue(context.Message);
        _arrived.Release();
        return Task.CompletedTask;
    }

    /// <summary>Waits until this many messages more have come.</summary>
    public async Task ArrivedAsync(int count = 1)
    {
        for (int i = 0; i < count; i++)
            Assert.True(await _arrived.WaitAsync(s_patience), $"only {_messages.Count} messages of {typeof(T).Name} came");
    }
}
