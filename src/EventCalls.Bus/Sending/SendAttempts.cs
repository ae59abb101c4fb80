using MassTransit;

namespace EventCalls.Bus.Sending;

/// <summary>Bounds how long a send may wait for a broker that is away, so that it is tried again as soon as the broker is back.</summary>
/// <remarks>
/// MassTransit waits inside a send for the connection, with pauses that grow to a minute and more; a broker that was gone for ten
/// seconds would not be used for another sixty. A send that is cut off here may have been delivered: ids make that harmless.
/// </remarks>
internal sealed class SendAttempts : IReceiveEndpointObserver
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private CancellationTokenSource _connection = new();
    private int _away;

    /// <summary>Sends, once more when the connection was made anew meanwhile; throws <see cref="TimeoutException"/> when it took too long.</summary>
    public async Task RunAsync<T>(T what, Func<T, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        for (bool again = false; ; again = true)
        {
            var connection = Volatile.Read(ref _connection).Token;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection);
            attempt.CancelAfter(s_limit);
            try
            {
                await send(what, attempt.Token).WaitAsync(attempt.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (again || !connection.IsCancellationRequested)
                    throw new TimeoutException("the broker did not confirm in time");
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
}
