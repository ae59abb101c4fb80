using EventCalls.Contracts;
using MassTransit;
using RabbitMQ.Client;

namespace EventCalls.Bus.Client;

/// <summary>What a MassTransit application over RabbitMQ is told so that its consumers get the events of EventCalls.</summary>
public static class EventCallsReceiving
{
    // A receive endpoint of ours is a fanout exchange of its queue's name.
    private const string RecorderExchange = "eventcalls-recorder";
    private const string Everything = "#";

    /// <summary>Reads the events as EventCalls writes them, and names their exchanges as they are. With it consumers of all events but two need nothing more.</summary>
    /// <remarks>Other messages of the application are read and written as without it; what comes as plain JSON with a type in its header is read too.</remarks>
    public static void UseEventCalls(this IRabbitMqBusFactoryConfigurator bus)
    {
        bus.AddDeserializer(new EventDeserializer());
        bus.AddDeserializer(new BatchDeserializer());
        // The bases of events are no messages, and have no exchange.
        bus.Publish<CallEvent>(p => p.Exclude = true);
        bus.Publish<TrunkEvent>(p => p.Exclude = true);
        bus.Publish<CallStarted>(p => p.ExchangeType = ExchangeType.Topic);
        bus.Publish<HandoffRequested>(p => p.ExchangeType = ExchangeType.Topic);
    }

    /// <summary>Binds an end point to one of the two events that are routed by key (<see cref="CallStarted"/> and <see cref="HandoffRequested"/>), so that it gets all of them.</summary>
    public static void BindRoutedEvent<T>(this IRabbitMqReceiveEndpointConfigurator endpoint)
        where T : CallEvent
    {
        endpoint.ConfigureMessageTopology<T>(false);
        endpoint.Bind<T>(b => (b.ExchangeType, b.RoutingKey) = (ExchangeType.Topic, Everything));
    }

    /// <summary>Binds an end point to all that is recorded, also what is not published event by event: its consumer takes <see cref="CallEventBatch"/> and reads it with <see cref="ReadEvents"/>.</summary>
    /// <remarks>What else is sent to the recorder is dropped there, not kept in a queue of skipped messages.</remarks>
    public static void BindEverythingRecorded(this IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConfigureMessageTopology<CallEventBatch>(false);
        endpoint.Bind(RecorderExchange, b => (b.ExchangeType, b.Durable) = (ExchangeType.Fanout, true));
        endpoint.DiscardSkippedMessages();
    }

    /// <summary>The events of a batch in their order; those of a kind that this version of the contracts does not know are passed over.</summary>
    /// <exception cref="System.Text.Json.JsonException">An event is not as its kind is.</exception>
    public static IEnumerable<CallEvent> ReadEvents(this CallEventBatch batch)
    {
        ReadOnlyMemory<byte> rest = batch.Payload;
        while (CallEventCodec.TryReadLine(ref rest, out var name, out var data))
        {
            var text = System.Text.Encoding.ASCII.GetString(name.Span);
            if (CallEventNames.TypeOf(text) is not null)
                yield return CallEventCodec.Read(text, data.Span);
        }
    }
}
