namespace EventCalls.Store.Recording;

/// <summary>The events of one bus message in the queue, and the task its consumer waits for.</summary>
internal sealed class PendingAppend : IDisposable
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;

    public PendingAppend(IReadOnlyList<EventToAppend> events, long queuedAt, CancellationToken cancellationToken)
    {
        Events = events;
        QueuedAt = queuedAt;
        _cancellation = cancellationToken.UnsafeRegister(static (entry, token) => ((PendingAppend)entry!)._done.TrySetCanceled(token), this);
    }

    /// <summary>What is still to be stored.</summary>
    public IReadOnlyList<EventToAppend> Events { get; set; }

    /// <summary>When it was queued, a timestamp of the clock.</summary>
    public long QueuedAt { get; }

    /// <summary>Since when its events wait for a cause, a timestamp of the clock; null when they do not.</summary>
    public long? WaitingSince { get; set; }

    /// <summary>Why an event of it was refused; null when none was. The others are stored before it fails.</summary>
    public Exception? Refused { get; set; }

    public Task Task => _done.Task;

    /// <summary>Completed, failed, or given up by its consumer: nothing is to be done for it any more.</summary>
    public bool IsOver => _done.Task.IsCompleted;

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);

    public void Dispose() => _cancellation.Dispose();
}
