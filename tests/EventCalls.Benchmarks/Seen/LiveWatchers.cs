namespace EventCalls.Benchmarks.Seen;

/// <summary>Clients that follow the live calls and only count what comes.</summary>
internal sealed class LiveWatchers : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _all;
    private long _messages, _bytes;

    /// <param name="address">The service.</param>
    /// <param name="count">How many.</param>
    public LiveWatchers(Uri address, int count) => _all = Task.WhenAll(Enumerable.Range(0, count).Select(_ => FollowAsync(new Uri(address, "/api/live"))));

    /// <summary>How many messages and bytes came since this was asked before.</summary>
    public (long Messages, long Bytes) TakeCounts() => (Interlocked.Exchange(ref _messages, 0), Interlocked.Exchange(ref _bytes, 0));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_all.IsFaulted)
            throw new InvalidOperationException("A client of the live calls was dropped.", _all.Exception);
        _stopping.Dispose();
        _client.Dispose();
    }

    private async Task FollowAsync(Uri address)
    {
        using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, _stopping.Token);
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(_stopping.Token);
        byte[] buffer = new byte[1 << 16];
        byte last = 0;
        while (await stream.ReadAsync(buffer, _stopping.Token) is var read and > 0)
        {
            Interlocked.Add(ref _bytes, read);
            // An empty line ends a message.
            int ends = 0;
            foreach (byte b in buffer.AsSpan(0, read))
            {
                if (b == '\n' && last == '\n')
                    ends++;
                last = b;
            }
            Interlocked.Add(ref _messages, ends);
        }
        throw new IOException("The service ended the answer.");
    }
}
