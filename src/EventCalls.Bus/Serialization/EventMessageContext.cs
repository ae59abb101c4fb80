using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MassTransit;

namespace EventCalls.Bus.Serialization;

/// <summary>A received message of ours: read once, as the type its consumer asks for.</summary>
internal sealed class EventMessageContext(EventMessageSerializer serializer, MessageContext context, string[] types, MessageBody body)
    : TypedMessageContext(serializer, serializer, context, types)
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
}
