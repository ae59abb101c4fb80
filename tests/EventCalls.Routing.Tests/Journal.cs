using EventCalls.Contracts;

namespace EventCalls.Routing.Tests;

/// <summary>Keeps what is recorded, each append as one.</summary>
internal sealed class Journal : ICallJournal
{
    private readonly Lock _gate = new();
    private readonly List<IReadOnlyList<CallEvent>> _appends = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Thrown by the next appends while set.</summary>
    public Exception? Refusal { get; set; }

    public IReadOnlyList<IReadOnlyList<CallEvent>> Appends
    {
        get
        {
            lock (_gate)
                return [.. _appends];
        }
    }

    public int Backlog => 0;

    public void Append(JournalEntry entry) => throw new NotSupportedException("Routing awaits what it appends.");

    public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        if (Refusal is { } refusal)
            return Task.FromException(refusal);
        lock (_gate)
        {
            _appends.Add(events);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.CompletedTask;
    }

    /// <summary>Completes when there are so many appends; fails after half a minute without.</summary>
    public async Task AppendedAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_appends.Count >= count)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
