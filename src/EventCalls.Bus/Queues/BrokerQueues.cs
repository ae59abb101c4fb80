using System.Net.Sockets;
using System.Text;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus.Queues;

/// <summary>Looks at the queues of RabbitMQ over AMQP alone: how much waits (a passive declaration says it, no plugin is needed), and what failed.</summary>
/// <param name="options">The broker.</param>
/// <param name="logger">Where it is written who put back or discarded what.</param>
public sealed partial class BrokerQueues(BusOptions options, ILogger logger) : IBusQueues
{
    private const string Failed = "_error";
    private const string Skipped = "_skipped";
    private const ushort Missing = 404;
    private const int MostText = 4096;

    // What a broker takes for a message that fails: some count returns, and drop one that came back too often.
    private const int MostReturns = 8;
    private const int MostAtOnce = 1000;
    private const int MostPauses = 80;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    // One at a time: two who clear the same queue would each hold what the other looks for.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueDepth>> ListAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return AskAsync<IReadOnlyList<QueueDepth>>(
            async (connection, ct) =>
            {
                var found = new List<QueueDepth>();
                foreach (string queue in nodes.Order(StringComparer.Ordinal).Select(BusQueues.Node).Prepend(BusQueues.Heartbeats).Prepend(BusQueues.Recorder).Prepend(BusQueues.Router))
                {
                    foreach (var (name, kind) in ((string, QueueKind)[])[(queue, QueueKind.Work), (BusQueues.Redelivery(queue), QueueKind.Later), (queue + Failed, QueueKind.Failed), (queue + Skipped, QueueKind.Skipped)])
                    {
                        if (await DepthAsync(connection, name, ct).ConfigureAwait(false) is { } depth)
                            found.Add(new QueueDepth(name, kind, depth.MessageCount, depth.ConsumerCount));
                    }
                }
                return found;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadMessage>?> LookAsync(string queue, int limit, CancellationToken cancellationToken)
    {
        var seen = new List<DeadMessage>();
        return await TakeAsync(queue, limit, (_, got) =>
            {
                seen.Add(Of(got));
                return Task.FromResult(false);
            }, cancellationToken).ConfigureAwait(false) is null ? null : seen;
    }

    /// <inheritdoc/>
    public async Task<int?> ClearAsync(string queue, string? messageId, DeadMessageAct act, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        string home = queue.EndsWith(Failed, StringComparison.Ordinal) ? queue[..^Failed.Length] : queue.EndsWith(Skipped, StringComparison.Ordinal) ? queue[..^Skipped.Length] : queue;
        int done = 0;
        var taken = await TakeAsync(queue, MostAtOnce, async (channel, got) =>
            {
                if (messageId is not null && (got.BasicProperties.MessageId != messageId || done > 0))
                    return false;
                if (act == DeadMessageAct.PutBack)
                    await channel.BasicPublishAsync("", home, mandatory: true, Clean(got.BasicProperties), got.Body, cancellationToken).ConfigureAwait(false);
                done++;
                return true;
            }, cancellationToken).ConfigureAwait(false);
        if (taken is null)
            return null;
        LogCleared(by, act, done, queue, messageId ?? "all");
        return done;
    }

    private Task<int?> TakeAsync(string queue, int limit, Func<IChannel, BasicGetResult, Task<bool>> isDone, CancellationToken cancellationToken) => IsDead(queue)
        ? AskAsync<int?>(
            async (connection, ct) =>
            {
                if (await DepthAsync(connection, queue, ct).ConfigureAwait(false) is null)
                    return null;
                var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct).ConfigureAwait(false);
                await using (channel.ConfigureAwait(false))
                {
                    var left = new List<BasicGetResult>();
                    int seen = 0;
                    for (; seen < limit && await channel.BasicGetAsync(queue, autoAck: false, ct).ConfigureAwait(false) is { } got; seen++)
                    {
                        if (await isDone(channel, got).ConfigureAwait(false))
                            await channel.BasicAckAsync(got.DeliveryTag, multiple: false, ct).ConfigureAwait(false);
                        else
                            left.Add(got);
                    }
                    foreach (var got in left)
                        await GiveBackAsync(channel, queue, got, ct).ConfigureAwait(false);
                    // A quorum queue has them back a moment later: whoever looks next is to see them.
                    for (int i = 0; i < MostPauses && await DepthAsync(connection, queue, ct).ConfigureAwait(false) is { } now && now.MessageCount < left.Count; i++)
                        await Task.Delay(s_pause, TimeProvider.System, ct).ConfigureAwait(false);
                    return seen;
                }
            },
            cancellationToken)
        : Task.FromResult<int?>(null);

    // Confirmed as a new one before the old one goes: looking often loses nothing. Between the two it may be there twice, and consumers know what they had.
    private static async Task GiveBackAsync(IChannel channel, string queue, BasicGetResult got, CancellationToken cancellationToken)
    {
        if (Header(got, "x-delivery-count") is not { } count || !long.TryParse(count, out long returns) || returns < MostReturns)
        {
            await channel.BasicNackAsync(got.DeliveryTag, multiple: false, requeue: true, cancellationToken).ConfigureAwait(false);
            return;
        }
        var again = new BasicProperties(got.BasicProperties);
        again.Headers?.Remove("x-delivery-count");
        await channel.BasicPublishAsync("", queue, mandatory: true, again, got.Body, cancellationToken).ConfigureAwait(false);
        await channel.BasicAckAsync(got.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsDead(string queue) => queue.StartsWith("eventcalls-", StringComparison.Ordinal) && (queue.EndsWith(Failed, StringComparison.Ordinal) || queue.EndsWith(Skipped, StringComparison.Ordinal));

    // It begins anew: what was noted of its failures, and how often it was delivered, is not of its next life.
    private static BasicProperties Clean(IReadOnlyBasicProperties from)
    {
        var properties = new BasicProperties(from);
        foreach (string name in properties.Headers?.Keys.Where(IsOfTheFailure).ToList() ?? [])
            properties.Headers!.Remove(name);
        return properties;
    }

    private static bool IsOfTheFailure(string header) =>
        header.StartsWith("MT-Fault", StringComparison.Ordinal) || header is MassTransit.MessageHeaders.Reason or MassTransit.MessageHeaders.RedeliveryCount or "x-delivery-count" or "x-acquired-count" or "x-death";

    private static DeadMessage Of(BasicGetResult got)
    {
        var head = got.Body.Span[..Math.Min(got.Body.Length, MostText)];
        return new DeadMessage(
            got.BasicProperties.MessageId,
            Header(got, MassTransit.MessageHeaders.MessageType) ?? got.BasicProperties.Type ?? "unknown",
            Header(got, MassTransit.MessageHeaders.FaultTimestamp),
            Header(got, MassTransit.MessageHeaders.FaultMessage) ?? Header(got, MassTransit.MessageHeaders.Reason),
            got.Body.Length,
            Encoding.UTF8.GetString(head));
    }

    private static string? Header(BasicGetResult got, string name) => got.BasicProperties.Headers?.TryGetValue(name, out object? value) is true
        ? value switch { byte[] text => Encoding.UTF8.GetString(text), null => null, _ => value.ToString() }
        : null;

    private static async Task<QueueDeclareOk?> DepthAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // What is not there closes the channel, so each has its own.
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                return await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Missing)
            {
                return null;
            }
        }
    }

    private async Task<T> AskAsync<T>(Func<IConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await BrokerConnection.OpenAsync(options, limit.Token, "eventcalls looks at queues").ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await ask(connection, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or SocketException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BusQueuesAwayException($"{options.Description} does not answer, or does not let us look: {(e.InnerException ?? e).Message}", e);
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{By} cleared dead letters ({Act}): {Count} of {Queue} ({Which})")]
    private partial void LogCleared(string by, DeadMessageAct act, int count, string queue, string which);
}
