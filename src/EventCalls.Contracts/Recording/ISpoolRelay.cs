namespace EventCalls.Contracts;

/// <summary>Keeps batches on the disk of this machine while a broker is away, and brings them to it: the oldest first, what an earlier run left before all others. Safe from any thread.</summary>
public interface ISpoolRelay : IAsyncDisposable
{
    /// <summary>Where they are kept.</summary>
    string Folder { get; }

    /// <summary>How many events are kept.</summary>
    long OwedEvents { get; }

    /// <summary>Whether so much is kept, or so little room is left, that no new call should be taken.</summary>
    bool IsFull { get; }

    /// <summary>Whether nothing waits to be brought.</summary>
    bool IsEmpty { get; }

    /// <summary>Runs as long as the relay works; faults when it cannot go on.</summary>
    Task Completion { get; }

    /// <summary>Takes a batch; when this returns it is on disk.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    void Add(CallEventBatch batch);

    /// <summary>Completes when nothing waits, when nothing was taken for a while, or when the limit comes.</summary>
    Task FlushAsync(TimeSpan quiet, CancellationToken limit);
}
