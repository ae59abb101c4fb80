using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Serialization;

/// <summary>A received message of ours: read once, as the type its consumer asks for.</summary>
internal sealed class EventMessageContext(EventMessageSerializer serializer, MessageContext context, string[] types, MessageBody body)
    : BaseSerializerContext(serializer, context, types)
{
    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = null;
        if (!IsSupportedMessageType<T>() || BusMessageTypes.FindJson(typeof(T)) is not { } json)
            return false;
        message = (T?)JsonSerializer.Deserialize(body.GetBytes(), json);
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = IsSupportedMessageType(messageType) && BusMessageTypes.FindJson(messageType) is { } json
            ? JsonSerializer.Deserialize(body.GetBytes(), json)
            : null;
        return message is not null;
    }

    public override IMessageSerializer GetMessageSerializer() => serializer;

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => serializer;

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => serializer;

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => throw new NotSupportedException("Messages of this bus are typed.");
}
