using EventCalls.Contracts;
using RabbitMQ.Client;

namespace EventCalls.Host.Bus;

/// <summary>Declares, from whichever role starts first, the queues that must be there before anything is published.</summary>
/// <remarks>
/// The recorder may be the last to start, or be down for an hour: what happened waits for it in its queue. The same goes for a
/// message that waits for its redelivery. All of it is idempotent, and the same as what the consuming role declares.
/// </remarks>
internal static class RabbitMqDeclaration
{
    /// <summary>Declares the queues of all roles, and those where messages wait.</summary>
    public static async Task DeclareAsync(BusOptions options, IReadOnlyList<BusEndpoint> endpoints, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);

        await QueueAsync(channel, BusQueues.Recorder, cancellationToken).ConfigureAwait(false);
        await QueueAsync(channel, BusQueues.Heartbeats, cancellationToken).ConfigureAwait(false);
        await QueueAsync(channel, BusQueues.Router, cancellationToken).ConfigureAwait(false);
        foreach (var type in new[] { typeof(CallStarted), typeof(RerouteCall) })
        {
            var source = MessageExchange(type);
            await channel.ExchangeDeclareAsync(source, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.ExchangeBindAsync(BusQueues.Router, source, "", cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        foreach (var queue in endpoints.Select(e => e.Queue).Append(BusQueues.Recorder).Append(BusQueues.Heartbeats).Append(BusQueues.Router).Distinct())
            await DelayQueueAsync(channel, queue, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a connection of its own to the broker; throws RabbitMQ.Client's exceptions when there is none.</summary>
    public static Task<IConnection> ConnectAsync(BusOptions options, CancellationToken cancellationToken)
    {
        var address = options.RabbitMq!;
        var (user, password) = BusTopology.Credentials(address);
        var path = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port > 0 ? address.Port : AmqpTcpEndpoint.UseDefaultPort,
            VirtualHost = path.Length == 0 ? "/" : path,
            UserName = user,
            Password = password,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
        if (address.Scheme is "amqps" or "rabbitmqs")
            factory.Ssl = new SslOption(address.Host) { Enabled = true };
        return factory.CreateConnectionAsync(cancellationToken);
    }

    // A receive endpoint is a fanout exchange and a queue of the same name.
    private static async Task QueueAsync(IChannel channel, string name, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { [Headers.XQueueType] = "quorum" }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task DelayQueueAsync(IChannel channel, string queue, BusOptions options, CancellationToken cancellationToken)
    {
        var name = BusQueues.Delay(queue);
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            [Headers.XQueueType] = "quorum",
            [Headers.XMessageTTL] = options.RedeliverySeconds * 1000,
            [Headers.XDeadLetterExchange] = queue,
            // The broker keeps its copy until the other queue has confirmed it.
            ["x-dead-letter-strategy"] = "at-least-once",
            [Headers.XOverflow] = "reject-publish",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static string MessageExchange(Type type) => $"{type.Namespace}:{type.Name}";
}
