using EventCalls.Bus.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus.Outage;

/// <summary>Looks every second whether the broker confirms what is published, on a connection of its own.</summary>
/// <remarks>
/// A broker with an alarm (memory, disk) says <c>connection.blocked</c> only to who publishes, and takes nothing more from it; so a
/// message is published that nobody gets. A broker that hangs says nothing at all: then its confirmation is missing.
/// </remarks>
public sealed class BrokerWatch(BusOptions options, string node, BrokerState state, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(4);

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.AwayAfterMs);
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Runs as long as it watches.</summary>
    public Task Completion => _watching;

    /// <summary>Begins.</summary>
    public void Start() => _watching = Task.Run(WatchAsync);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await WatchConnectionAsync().ConfigureAwait(false);
                await Task.Delay(s_soon, time, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Watches until the connection is lost, or there is none.</summary>
    private async Task WatchConnectionAsync()
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(s_connectLimit);
            await using var connection = await BrokerConnection.OpenAsync(options, limit.Token, $"eventcalls {node} (watch)", s_heartbeat).ConfigureAwait(false);
            var link = new Link(connection, state);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), limit.Token).ConfigureAwait(false);
            await channel.ExchangeDeclareAsync(BrokerConnection.ProbeExchange, ExchangeType.Fanout, durable: true, cancellationToken: limit.Token).ConfigureAwait(false);
            while (!link.Lost.IsCompleted)
                await LookAsync(channel, link).ConfigureAwait(false);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // A wrong password is not a broker that is away: who joins it says so.
            bool refuses = RabbitMqDeclaration.Explain(options, BrokerConnection.ProbeExchange, e) is not null;
            state.Away(Why(e), isKnown: !refuses);
        }
    }

    private async Task LookAsync(IChannel channel, Link link)
    {
        long look = state.BeginLook();
        var probe = channel.BasicPublishAsync(BrokerConnection.ProbeExchange, "", mandatory: false, body: ReadOnlyMemory<byte>.Empty, _stopping.Token).AsTask();
        try
        {
            await Task.WhenAny(probe, link.Lost).WaitAsync(_patience, time, _stopping.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            state.Away(link.Blocked is { } why ? Blocks(why) : $"it did not confirm within {options.AwayAfterMs} ms");
            await Task.WhenAny(probe, link.Lost).WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        if (link.Lost.IsCompleted)
        {
            _ = probe.ContinueWith(static p => p.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return;
        }
        await probe.ConfigureAwait(false);
        if (link.Blocked is null)
            state.Up(look);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var pause = Task.Delay(state.IsUp ? s_interval : s_soon, time, waiting.Token);
        await (state.IsUp ? Task.WhenAny(pause, link.Lost, state.Suspected) : Task.WhenAny(pause, link.Lost)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        _stopping.Token.ThrowIfCancellationRequested();
    }

    private static string Blocks(string why) => $"it blocks publishers ({why})";

    private static string Why(Exception e) => e switch
    {
        BrokerUnreachableException { InnerException: { } inner } => inner.Message.TrimEnd('.'),
        OperationCanceledException or TimeoutException => "it does not answer",
        _ => e.Message.TrimEnd('.'),
    };

    /// <summary>What a connection says of itself.</summary>
    private sealed class Link
    {
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _blocked;

        public Link(IConnection connection, BrokerState state)
        {
            connection.ConnectionShutdownAsync += (_, e) =>
            {
                state.Away($"the connection was lost ({(e.ReplyText.Length > 0 ? e.ReplyText.TrimEnd('.') : "closed")})");
                _lost.TrySetResult();
                return Task.CompletedTask;
            };
            connection.ConnectionBlockedAsync += (_, e) =>
            {
                _blocked = e.Reason;
                state.Away(Blocks(e.Reason));
                return Task.CompletedTask;
            };
            connection.ConnectionUnblockedAsync += (_, _) =>
            {
                _blocked = null;
                return Task.CompletedTask;
            };
            if (!connection.IsOpen)
                _lost.TrySetResult();
        }

        /// <summary>Completes when it is lost.</summary>
        public Task Lost => _lost.Task;

        /// <summary>Why the broker blocks it; null when it does not.</summary>
        public string? Blocked => _blocked;
    }
}
