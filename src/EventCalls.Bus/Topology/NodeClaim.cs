using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus.Topology;

/// <summary>Holds a node's name on the broker for as long as this process is connected, so that no second node of that name takes its handoffs.</summary>
/// <remarks>
/// The name is an exclusive queue of a connection of its own. A process that is killed loses it at once, with its socket; one whose
/// machine vanished, after two heartbeats: that long the next run waits for it, and no longer.
/// </remarks>
internal sealed partial class NodeClaim(BusOptions options, string node, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const ushort Locked = 405;
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<BusRefusedException> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _connection;
    private Task _watch = Task.CompletedTask;

    /// <summary>Completes when the name was lost with the connection and another node has taken it since.</summary>
    public Task<BusRefusedException> Lost => _lost.Task;

    /// <summary>Takes the name; waits as long as the broker may need to notice that an earlier run is gone.</summary>
    /// <exception cref="BusRefusedException">Another node has it, and lives.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await UntilTakenAsync(cancellationToken).ConfigureAwait(false);
        _watch = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task UntilTakenAsync(CancellationToken cancellationToken)
    {
        long? lockedSince = null;
        while (true)
        {
            try
            {
                await TryTakeAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Locked)
            {
                if (lockedSince is null)
                    LogTaken(node, options.Description, options.ClaimSeconds);
                lockedSince ??= time.GetTimestamp();
                if (time.GetElapsedTime(lockedSince.Value) >= TimeSpan.FromSeconds(options.ClaimSeconds))
                {
                    throw new BusRefusedException(
                        $"Another ingress with the name '{node}' runs on {options.Description}, and would get half of our handoffs; give each ingress an EventCalls:Node of its own", e);
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException)
            {
                if (RabbitMqDeclaration.Explain(options, BusQueues.Owner(node), e) is { } refusal)
                    throw refusal;
                // The broker is away: whoever had the name has lost it too.
                lockedSince = null;
            }
            await Task.Delay(s_interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TryTakeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        var connection = await BrokerConnection.OpenAsync(options, limit.Token, $"eventcalls {node} (name)", s_heartbeat).ConfigureAwait(false);
        try
        {
            // Ends with the connection; the channel does.
            var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token).ConfigureAwait(false);
            await channel.QueueDeclareAsync(BusQueues.Owner(node), durable: false, exclusive: true, autoDelete: false, cancellationToken: limit.Token).ConfigureAwait(false);
            _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _connection!.ConnectionShutdownAsync += (_, _) =>
                {
                    gone.TrySetResult();
                    return Task.CompletedTask;
                };
                if (_connection.IsOpen)
                    await gone.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
                await _connection.DisposeAsync().ConfigureAwait(false);
                _connection = null;
                await UntilTakenAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (BusRefusedException e)
        {
            LogLost(e.Message);
            _lost.TrySetResult(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name of the node {Node} is taken on {Bus}; if it is an earlier run whose machine is gone, it will be free within {Seconds} s")]
    private partial void LogTaken(string node, string bus, int seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The node's name was lost with the connection: {Reason}")]
    private partial void LogLost(string reason);
}
