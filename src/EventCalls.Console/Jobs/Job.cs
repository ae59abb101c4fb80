using System.Text.Json.Serialization;

namespace EventCalls.Console.Jobs;

/// <summary>What somebody asked for and does not wait for: it runs in the background and says how far it is.</summary>
public abstract class Job : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private volatile JobState _state = JobState.Running;

    private protected Job(string by, TimeProvider time, TimeSpan? limit = null) =>
        (By, StartedAt, _stop) = (by, time.GetUtcNow(), limit is { } most ? new CancellationTokenSource(most, time) : new CancellationTokenSource());

    /// <summary>Its id.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Who asked for it.</summary>
    public string By { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How far it is: set last.</summary>
    public JobState State => _state;

    /// <summary>Why it failed, or is to be doubted, for people; null when neither.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Ends it before it is done.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Takes away what it keeps.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Does it. Nothing is thrown: what goes wrong is its <see cref="Problem"/>.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, stopping);
        try
        {
            _state = await WorkAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            _state = WhenStopped();
        }
        catch (Exception e)
        {
            // Whatever it is, it is this job's, and who asked for it has to know.
            Problem = e.Message;
            _state = JobState.Failed;
        }
    }

    /// <inheritdoc cref="Dispose()"/>
    protected virtual void Dispose(bool disposing) => _stop.Dispose();

    private protected abstract Task<JobState> WorkAsync(CancellationToken cancellationToken);

    /// <summary>What it came to when it was stopped.</summary>
    private protected virtual JobState WhenStopped() => JobState.Stopped;
}

/// <summary>How far a job is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
public enum JobState
{
    /// <summary>It is worked on.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All is done.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was ended before all was done.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>It could not go on.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
