using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Mime;
using EventCalls.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Client;

/// <summary>Reads a batch: its bare payload, source and count in headers.</summary>
internal sealed class BatchDeserializer : ISerializerFactory, IMessageDeserializer
{
    private static readonly string[] s_types = [MessageUrn.ForTypeString<CallEventBatch>()];

    public ContentType ContentType { get; } = new(CallEventBatch.MediaType);

    public IMessageSerializer CreateSerializer() => throw new NotSupportedException("The events of EventCalls are only received.");

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new Received(new RawMessageContext(headers, destinationAddress, RawSerializerOptions.Default), new CallEventBatch
        {
            Source = headers.Get<string>(CallEventBatch.SourceHeader) ?? "unknown",
            Count = int.TryParse(headers.Get<string>(CallEventBatch.CountHeader), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0,
            Payload = body.GetBytes(),
        });

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("eventcalls-batch");

    private sealed class Received(MessageContext context, CallEventBatch batch) : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, context, s_types)
    {
        public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
            where T : class
        {
            message = batch as T;
            return message is not null;
        }

        public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
        {
            message = messageType == typeof(CallEventBatch) ? batch : null;
            return message is not null;
        }

        public override IMessageSerializer GetMessageSerializer() => SystemTextJsonMessageSerializer.Instance;

        public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => SystemTextJsonMessageSerializer.Instance;

        public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => SystemTextJsonMessageSerializer.Instance;

        public override Dictionary<string, object> ToDictionary<T>(T? message)
            where T : class => throw new NotSupportedException("A batch is read with ReadEvents.");
    }
}
