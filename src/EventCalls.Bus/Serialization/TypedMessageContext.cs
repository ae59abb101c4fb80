using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Serialization;

/// <summary>A received message of this bus, all of which are typed: whatever it leads to is written as it came.</summary>
internal abstract class TypedMessageContext(IObjectDeserializer objects, IMessageSerializer serializer, MessageContext context, string[] types)
    : BaseSerializerContext(objects, context, types)
{
    public override IMessageSerializer GetMessageSerializer() => serializer;

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => serializer;

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => serializer;

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => throw new NotSupportedException("Messages of this bus are typed.");
}
