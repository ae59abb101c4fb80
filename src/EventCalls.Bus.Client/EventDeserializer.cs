using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text.Json;
using EventCalls.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Client;

/// <summary>Reads an event from its bare JSON; which event it is stands in a header.</summary>
internal sealed class EventDeserializer : ISerializerFactory, IMessageDeserializer
{
    public ContentType ContentType { get; } = new("application/json");

    public IMessageSerializer CreateSerializer() => throw new NotSupportedException("The events of EventCalls are only received.");

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) => new Received(
        new RawMessageContext(headers, destinationAddress, RawSerializerOptions.Default), headers.Get<string>(MessageHeaders.MessageType)?.Split(';') ?? [], body);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("eventcalls-json");

    private sealed class Received(MessageContext context, string[] types, MessageBody body)
        : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, context, types)
    {
        public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
            where T : class
        {
            message = IsSupportedMessageType<T>() ? Read(typeof(T)) as T : null;
            return message is not null;
        }

        public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
        {
            message = IsSupportedMessageType(messageType) ? Read(messageType) : null;
            return message is not null;
        }

        public override IMessageSerializer GetMessageSerializer() => SystemTextJsonMessageSerializer.Instance;

        public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => SystemTextJsonMessageSerializer.Instance;

        public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => SystemTextJsonMessageSerializer.Instance;

        public override Dictionary<string, object> ToDictionary<T>(T? message)
            where T : class => message is null ? [] : JsonSerializer.SerializeToElement(message, SystemTextJsonMessageSerializer.Options).Deserialize<Dictionary<string, object>>()!;

        private object? Read(Type type) => CallEventJson.Default.GetTypeInfo(type) is { } json
            ? JsonSerializer.Deserialize(body.GetBytes(), json)
            : JsonSerializer.Deserialize(body.GetBytes(), type, SystemTextJsonMessageSerializer.Options);
    }
}
