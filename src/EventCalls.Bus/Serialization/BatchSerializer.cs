using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Mime;
using EventCalls.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Serialization;

/// <summary>Puts a batch on the bus as its bare payload, without base64 and without a copy; source and count go in headers.</summary>
internal sealed class BatchSerializer : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    public static readonly ContentType Lines = new(CallEventBatch.MediaType);

    private static readonly string[] s_types = [MessageUrn.ForTypeString<CallEventBatch>()];

    private readonly EventMessageSerializer _objects = new();

    public ContentType ContentType => Lines;

    public IMessageSerializer CreateSerializer() => this;

    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class
    {
        if (context.Message is not CallEventBatch batch)
            throw new NotSupportedException($"{typeof(T)} is no batch.");
        context.Headers.Set(CallEventBatch.SourceHeader, batch.Source);
        context.Headers.Set(CallEventBatch.CountHeader, batch.Count.ToString(CultureInfo.InvariantCulture));
        return new BytesMessageBody(batch.Payload);
    }

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new BatchContext(_objects, new RawMessageContext(headers, destinationAddress, RawSerializerOptions.Default), this, new CallEventBatch
        {
            Source = headers.Get<string>(CallEventBatch.SourceHeader) ?? "unknown",
            Count = int.TryParse(headers.Get<string>(CallEventBatch.CountHeader), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0,
            Payload = body.GetBytes(),
        });

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("eventcalls-batch");

    private sealed class BatchContext(IObjectDeserializer objects, MessageContext context, BatchSerializer serializer, CallEventBatch batch)
        : TypedMessageContext(objects, serializer, context, s_types)
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
    }
}
