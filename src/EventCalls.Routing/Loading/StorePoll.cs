namespace EventCalls.Routing.Loading;

/// <summary>Looks every second at what the store says; of failures in a row the first is told, and all of them are tried again.</summary>
/// <param name="look">Looks once; throws when the store does not answer.</param>
/// <param name="tell">Tells that it could not be looked at.</param>
/// <param name="time">The clock.</param>
internal sealed class StorePoll(Func<CancellationToken, Task> look, Action<Exception> tell, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long it waits between two looks: one row by its key is asked for, and a change is everywhere in two of these.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _told;

    /// <summary>Looks once, and says whether the store answered.</summary>
    /// <exception cref="OperationCanceledException">It was to stop.</exception>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await look(cancellationToken).ConfigureAwait(false);
            _told = false;
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_told)
                tell(e);
            _told = true;
            return false;
        }
    }

    /// <summary>Looks again and again from now on, until this is disposed of.</summary>
    public void Start() => _loop = LoopAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            await LookAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
