using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Topology;

/// <summary>The queues this process consumes; on RabbitMQ they are connected anew as soon as the broker answers again.</summary>
/// <remarks>MassTransit alone waits between its tries, 30 s in the end: calls would go on being decided by default for that long after the broker is back.</remarks>
internal sealed class QueueConnections : IReceiveEndpointObserver, IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly IBusControl _control;
    private readonly BusOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, (BusEndpoint Endpoint, HostReceiveEndpointHandle Handle)> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watch = Task.CompletedTask;

    public QueueConnections(IBusControl control, BusOptions options, ILogger logger)
    {
        _control = control;
        _options = options;
        _logger = logger;
        if (options.RabbitMq is null)
            return;
        control.ConnectReceiveEndpointObserver(this);
        _watch = Task.Run(WatchAsync);
    }

    /// <summary>Runs as long as lost queues are looked for; over at once where none can be lost.</summary>
    public Task Completion => _watch;

    /// <summary>Consumes the queue; completes when it is bound.</summary>
    public async Task ConnectAsync(BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        var handle = _control.ConnectReceiveEndpoint(endpoint.Queue, e => BusTopology.Configure(e, endpoint, _options, _logger));
        _queues[endpoint.Queue] = (endpoint, handle);
        await handle.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Consumes the queue no more; completes when what is being consumed is done. What was only taken ahead goes back to the broker.</summary>
    public async Task DisconnectAsync(string queue, CancellationToken cancellationToken)
    {
        if (!_queues.TryRemove(queue, out var connected))
            return;
        _lost.TryRemove(queue, out _);
        await connected.Handle.StopAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        _lost.TryRemove(QueueOf(ready.InputAddress), out _);
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted) => Lost(faulted.InputAddress);

    public Task Completed(ReceiveEndpointCompleted completed) => Lost(completed.InputAddress);

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static string QueueOf(Uri address) => Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);

    private Task Lost(Uri address)
    {
        var queue = QueueOf(address);
        if (_queues.ContainsKey(queue))
            _lost[queue] = true;
        return Task.CompletedTask;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                // A queue that came back by itself meanwhile is left alone.
                if (!_lost.IsEmpty && await AnswersAsync(_stopping.Token).ConfigureAwait(false))
                    await ConnectLostAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await BrokerConnection.OpenAsync(_options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ConnectLostAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in _lost.Keys)
        {
            if (!_queues.TryGetValue(queue, out var connected))
                continue;
            var (endpoint, handle) = connected;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_limit);
            try
            {
                await handle.StopAsync(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
                await ConnectAsync(endpoint, limit.Token).ConfigureAwait(false);
                _lost.TryRemove(queue, out _);
                _logger.LogInformation("The broker is back; {Queue} is consumed again", queue);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                _lost[queue] = true;
                _logger.LogWarning("The broker answers, but {Queue} could not be consumed yet ({Reason}); trying again", queue, e.Message);
            }
        }
    }
}
