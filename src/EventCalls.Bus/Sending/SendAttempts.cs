using MassTransit;

namespace EventCalls.Bus.Sending;

/// <summary>Bounds how long a send may wait for a broker that is away, so that it is tried again as soon as the broker is back.</summary>
/// <remarks>
/// MassTransit waits inside a send for the connection, with pauses that grow to a minute and more; a broker that was gone for ten
/// seconds would not be used for another sixty. A send that is cut off here may have been delivered: ids make that harmless.
/// When none is confirmed for a while, somebody else looks whether that is the broker or the connection.
/// </remarks>
/// <param name="silent">Called when nothing was confirmed for <see cref="Patience"/>, and as long as that stays so every <see cref="Pause"/>; throws nothing.</param>
/// <param name="time">The clock.</param>
internal sealed class SendAttempts(Func<Task> silent, TimeProvider time) : IReceiveEndpointObserver
{
    /// <summary>How long one attempt may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How long every attempt has to have gone without a confirmation.</summary>
    public static readonly TimeSpan Patience = 2 * Limit;

    /// <summary>How long it is waited between two looks: what the first brought has to have a chance.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private CancellationTokenSource _connection = new();
    private int _away;

    // Of the first attempt that was cut off since the last that was not; 0 for none.
    private long _silentSince;
    private long _lookedAt;

    /// <summary>Sends, once more when the connection was made anew meanwhile; throws <see cref="TimeoutException"/> when it took too long.</summary>
    public async Task RunAsync<T>(T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        for (bool again = false; ; again = true)
        {
            var connection = Volatile.Read(ref _connection).Token;
            using var limit = new CancellationTokenSource(Limit, time);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection, limit.Token);
            long began = time.GetTimestamp();
            try
            {
                await send(what, attempt.Token).WaitAsync(attempt.Token).ConfigureAwait(false);
                Volatile.Write(ref _silentSince, 0);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (again || !connection.IsCancellationRequested)
                {
                    Miss(began);
                    throw new TimeoutException("the broker did not confirm in time");
                }
            }
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            // Not disposed: a send may be about to link to it, and a source without a timer holds nothing.
            Interlocked.Exchange(ref _connection, new CancellationTokenSource()).Cancel();
        }
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted) => Away();

    public Task Completed(ReceiveEndpointCompleted completed) => Away();

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    private Task Away()
    {
        Interlocked.Exchange(ref _away, 1);
        return Task.CompletedTask;
    }

    private void Miss(long began)
    {
        // A clock may begin at 0.
        long first = Math.Max(began, 1);
        long since = Interlocked.CompareExchange(ref _silentSince, first, 0) is var before and not 0 ? before : first;
        long looked = Volatile.Read(ref _lookedAt);
        if (time.GetElapsedTime(since) >= Patience && (looked == 0 || time.GetElapsedTime(looked) >= Pause)
            && Interlocked.CompareExchange(ref _lookedAt, Math.Max(time.GetTimestamp(), 1), looked) == looked)
        {
            _ = silent();
        }
    }
}
