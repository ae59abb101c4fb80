using EventCalls.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus.Topology;

/// <summary>Declares, from whichever role starts first, the queues that must be there before anything is published.</summary>
/// <remarks>
/// The recorder may be the last to start, or be down for an hour: what happened waits for it in its queue. The same goes for a
/// message that waits for its redelivery. All of it is idempotent, and the same as what the consuming role declares.
/// A role whose user may not declare another role's queue makes do with it being there.
/// </remarks>
internal sealed class RabbitMqDeclaration(BusOptions options, IReadOnlyList<BusEndpoint> endpoints)
{
    private const ushort Refused = 403;
    private const ushort Missing = 404;
    private const ushort Inequivalent = 406;
    private const ushort NotAllowed = 530;

    // What may not be missing, and who is asked by which messages.
    private static readonly (string Queue, (Type Message, string Exchange, string Key)[] Asked)[] s_shared =
    [
        (BusQueues.Recorder, []),
        (BusQueues.Heartbeats, []),
        (BusQueues.Router, [(typeof(CallStarted), ExchangeType.Topic, BusKeys.Ask), (typeof(RerouteCall), ExchangeType.Fanout, "")]),
    ];

    /// <summary>Declares the queues of all roles, and those where messages wait.</summary>
    /// <exception cref="BusRefusedException">The broker has one of them with other arguments, or we have no right to it.</exception>
    public async Task DeclareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        // A recorder asks nobody: it needs no queue but its own, and a user of its own may have no right to others.
        bool onlyRecords = endpoints.Count > 0 && endpoints.All(e => e.Queue is BusQueues.Recorder or BusQueues.Heartbeats);
        foreach (var (queue, asked) in s_shared)
        {
            bool isOurs = endpoints.Any(e => e.Queue == queue);
            if (onlyRecords && queue == BusQueues.Router)
                continue;
            await DeclareAsync(connection, queue, isOurs, channel => SharedAsync(channel, queue, asked, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        foreach (var endpoint in endpoints.Where(e => s_shared.All(s => s.Queue != e.Queue)))
            await DeclareAsync(connection, endpoint.Queue, isOurs: true, channel => OwnAsync(channel, endpoint, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var endpoint in endpoints)
        {
            var name = BusQueues.Redelivery(endpoint.Queue);
            await DeclareAsync(connection, name, isOurs: true, channel => RedeliveryAsync(channel, name, endpoint.Queue, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a refusal by the broker means and what to do about it; null when it is none that would come again.</summary>
    public static BusRefusedException? Explain(BusOptions options, string what, Exception e)
    {
        if (e is AuthenticationFailureException || e.InnerException is AuthenticationFailureException)
            return new BusRefusedException($"{options.Description} refuses the user or the password; correct them in EventCalls:Bus:RabbitMq", e);
        return (e as OperationInterruptedException ?? e.InnerException as OperationInterruptedException)?.ShutdownReason switch
        {
            { ReplyCode: NotAllowed } r => new BusRefusedException(
                $"{options.Description} does not let us in ({r.ReplyText}). Name a virtual host that is there in EventCalls:Bus:RabbitMq (the path of the address), or give the user access to it "
                + "(rabbitmqctl set_permissions -p VHOST USER …)", e),
            { ReplyCode: Inequivalent } r when ExchangeIn(r.ReplyText) is { } exchange => new BusRefusedException(
                $"{options.Description} has an exchange '{exchange}' already, but made otherwise ({r.ReplyText}). Another program or an old version declared it: stop all nodes, delete it "
                + $"(rabbitmqadmin -V VHOST delete exchange name='{exchange}') and start again, or give EventCalls a virtual host of its own in EventCalls:Bus:RabbitMq", e),
            { ReplyCode: Inequivalent } r => new BusRefusedException(
                $"{options.Description} has '{what}' already, but made otherwise ({r.ReplyText}). Another program or an old version declared it: let it run empty, delete it "
                + $"(rabbitmqctl delete_queue -p VHOST '{what}') and start again, or give EventCalls a virtual host of its own in EventCalls:Bus:RabbitMq", e),
            { ReplyCode: Refused } r => new BusRefusedException(
                $"{options.Description} does not let us have '{what}' ({r.ReplyText}). Give the user of EventCalls:Bus:RabbitMq the rights of its role (docs/broker.md)", e),
            _ => null,
        };
    }

    /// <summary>The exchange that messages of a type are published to.</summary>
    public static string MessageExchange(Type type) => $"{type.Namespace}:{type.Name}";

    // "… inequivalent arg 'type' for exchange 'NAME' in vhost …"
    private static string? ExchangeIn(string reply)
    {
        const string before = "for exchange '";
        int start = reply.IndexOf(before, StringComparison.Ordinal);
        int end = start < 0 ? -1 : reply.IndexOf('\'', start + before.Length);
        return end < 0 ? null : reply[(start + before.Length)..end];
    }

    // A refusal closes the channel, so each has its own.
    private async Task DeclareAsync(IConnection connection, string what, bool isOurs, Func<IChannel, Task> declare, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await declare(channel).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (Explain(options, what, e) is { } refusal)
        {
            if (isOurs || e.ShutdownReason!.ReplyCode != Refused || !await IsThereAsync(connection, what, cancellationToken).ConfigureAwait(false))
                throw refusal;
        }
    }

    private static async Task<bool> IsThereAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode is Missing or Refused)
        {
            return false;
        }
    }

    private static async Task SharedAsync(IChannel channel, string queue, (Type Message, string Exchange, string Key)[] asked, CancellationToken cancellationToken)
    {
        await QueueAsync(channel, queue, [], cancellationToken).ConfigureAwait(false);
        foreach (var (message, exchange, key) in asked)
        {
            var source = MessageExchange(message);
            await channel.ExchangeDeclareAsync(source, exchange, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.ExchangeBindAsync(queue, source, key, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task OwnAsync(IChannel channel, BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        var more = new Dictionary<string, object?>();
        if (endpoint.Expires is { } expires)
            more[Headers.XExpires] = (long)expires.TotalMilliseconds;
        await QueueAsync(channel, endpoint.Queue, more, cancellationToken).ConfigureAwait(false);
        if (endpoint.Node is null)
            return;
        var source = MessageExchange(typeof(HandoffRequested));
        await channel.ExchangeDeclareAsync(source, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeBindAsync(endpoint.Queue, source, endpoint.Node, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // A receive endpoint is a fanout exchange and a queue of the same name.
    private static async Task QueueAsync(IChannel channel, string name, Dictionary<string, object?> more, CancellationToken cancellationToken)
    {
        more[Headers.XQueueType] = "quorum";
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, more, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // How long a message waits is said by each message, so that the setting may change while the queue stays.
    private static Task RedeliveryAsync(IChannel channel, string name, string queue, CancellationToken cancellationToken) => QueueAsync(channel, name, new()
    {
        [Headers.XDeadLetterExchange] = queue,
        // The broker keeps its copy until the other queue has confirmed it.
        ["x-dead-letter-strategy"] = "at-least-once",
        [Headers.XOverflow] = "reject-publish",
    }, cancellationToken);
}
