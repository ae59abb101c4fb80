using EventCalls.Bus.Serialization;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;
using BusExchangeType = MassTransit.Transports.Fabric.ExchangeType;

namespace EventCalls.Bus.Topology;

/// <summary>What both transports are told alike: the messages, how they are written, and what a queue does with a failing one.</summary>
internal static class BusTopology
{
    /// <summary>The messages that are routed by key (<see cref="BusKeys"/>).</summary>
    private const string Topic = RabbitMQ.Client.ExchangeType.Topic;

    /// <summary>The bus inside this process.</summary>
    public static IBusControl InMemory() => MassTransit.Bus.Factory.CreateUsingInMemory(bus =>
    {
        Messages(bus, check: null);
        bus.Publish<HandoffRequested>(p => p.ExchangeType = BusExchangeType.Topic);
    });

    /// <summary>A RabbitMQ broker: durable quorum queues, publishes confirmed, and what must be taken by a queue comes back when none takes it.</summary>
    public static IBusControl RabbitMq(BusOptions options, string connectionName, BrokerSockets sockets) => MassTransit.Bus.Factory.CreateUsingRabbitMq(bus =>
    {
        bus.Host(options.RabbitMq, connectionName, h =>
        {
            var (user, password) = BrokerConnection.Credentials(options.RabbitMq!);
            h.Username(user);
            h.Password(password);
            h.PublisherConfirmation = true;
            // A broker that vanished without a word is noticed after two of these.
            h.Heartbeat(TimeSpan.FromSeconds(10));
            h.OnRefreshConnectionFactory = sockets.UseAsync;
        });
        Messages(bus, HandoffCheck.Of(options));
        // What no queue takes comes back: what is sent has a queue, always, and what is published to nobody need not be.
        bus.ConfigureSend(pipe => pipe.UseExecute(MustBeTaken));
        bus.ConfigurePublish(pipe => pipe.UseExecute(MustBeTaken));
        bus.Publish<CallStarted>(p => p.ExchangeType = Topic);
        bus.Publish<HandoffRequested>(p => p.ExchangeType = Topic);
        bus.SendTopology.ConfigureErrorSettings = q => q.SetQueueArgument("x-queue-type", "quorum");
        bus.SendTopology.ConfigureDeadLetterSettings = q => q.SetQueueArgument("x-queue-type", "quorum");
    });

    /// <summary>Sets a queue up: what is bound to it, who consumes, and what happens to a message that fails.</summary>
    public static void Configure(IReceiveEndpointConfigurator e, BusEndpoint endpoint, BusOptions options, ILogger logger)
    {
        // By hand is bound what has a routing key.
        e.ConfigureConsumeTopology = endpoint.Node is null && (options.RabbitMq is null || endpoint.Queue != BusQueues.Router);
        if (e is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            rabbit.QueueExpiration = endpoint.Expires;
            if (endpoint.Node is not null)
            {
                rabbit.Bind<HandoffRequested>(b =>
                {
                    b.ExchangeType = Topic;
                    b.RoutingKey = endpoint.Node;
                });
            }
            if (endpoint.Queue == BusQueues.Router)
            {
                rabbit.Bind<CallStarted>(b =>
                {
                    b.ExchangeType = Topic;
                    b.RoutingKey = BusKeys.Ask;
                });
                rabbit.Bind<RerouteCall>();
            }
        }
        else if (endpoint.Node is not null && e is IInMemoryReceiveEndpointConfigurator memory)
        {
            memory.Bind<HandoffRequested>(BusExchangeType.Topic, endpoint.Node);
        }
        e.PrefetchCount = endpoint.Prefetch;
        e.ConcurrentMessageLimit = endpoint.Concurrency;
        // The fault goes to the error queue and the log; nobody subscribes to Fault<T>.
        e.PublishFaults = false;
        if (endpoint.Node is { } node && options.RabbitMq is not null && HandoffCheck.Of(options) is { } check)
            e.UseFilter(new HandoffGuard(check, node, TimeProvider.System, logger));
        Consume(e, endpoint, new DelayedRedelivery(endpoint, options));
    }

    private static void MustBeTaken(SendContext send)
    {
        if (send is RabbitMqSendContext rabbit)
            rabbit.Mandatory = true;
    }

    private static void Messages(IBusFactoryConfigurator bus, HandoffCheck? check)
    {
        var json = new EventMessageSerializer(check);
        var lines = new BatchSerializer();
        bus.AddSerializer(json, isSerializer: false);
        bus.AddDeserializer(json);
        bus.AddSerializer(lines, isSerializer: false);
        bus.AddDeserializer(lines);
        // The base of all events is no message: nobody subscribes to "everything" by it, and without it the broker has one exchange and one hop less for each.
        bus.Publish<CallEvent>(p => p.Exclude = true);
        bus.Publish<TrunkEvent>(p => p.Exclude = true);
        bus.Send<CallEventBatch>(s => s.UseSerializer(BatchSerializer.Lines));
        foreach (var type in BusMessageTypes.All)
            MessageSetup.For(type).Apply(bus);
    }

    private static void Consume(IReceiveEndpointConfigurator e, BusEndpoint endpoint, DelayedRedelivery redelivery)
    {
        e.UseFilter(redelivery);
        e.UseMessageRetry(r =>
        {
            // A broken event, or a cause that was waited for already.
            r.Ignore<SameAgainException>();
            r.Exponential(4, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200));
        });
        foreach (var consumer in endpoint.Consumers)
            ConsumerSetup.For(consumer).Apply(e);
    }

    // Not Instance(object): what is configured above (retry) reaches only consumers whose type is known.
    private abstract class ConsumerSetup
    {
        public static ConsumerSetup For(IConsumer consumer) =>
            (ConsumerSetup)Activator.CreateInstance(typeof(ConsumerSetup<>).MakeGenericType(consumer.GetType()), consumer)!;

        public abstract void Apply(IReceiveEndpointConfigurator e);
    }

    private sealed class ConsumerSetup<T>(T consumer) : ConsumerSetup
        where T : class, IConsumer
    {
        public override void Apply(IReceiveEndpointConfigurator e) => e.Instance(consumer);
    }

    private abstract class MessageSetup
    {
        public static MessageSetup For(Type type) =>
            (MessageSetup)Activator.CreateInstance(typeof(MessageSetup<>).MakeGenericType(type))!;

        public abstract void Apply(IBusFactoryConfigurator bus);
    }

    private sealed class MessageSetup<T> : MessageSetup
        where T : class
    {
        public override void Apply(IBusFactoryConfigurator bus) => bus.Send<T>(s => s.UseSerializer(EventMessageSerializer.Json));
    }
}
