using System.Net.Mime;
using EventCalls.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace EventCalls.Bus.Serialization;

/// <summary>Puts our messages on the bus as plain JSON, exactly what is stored, with the type in a header.</summary>
/// <remarks>
/// MassTransit's own envelope costs about twice the CPU of the whole message (reflection-based JSON, three passes over it, and
/// host, address and time headers that nobody here reads). Its deserializer stays in place beside this one, so a message that came
/// in an envelope is taken as well.
/// </remarks>
internal sealed class EventMessageSerializer(HandoffCheck? check = null) : ISerializerFactory, IMessageSerializer, IMessageDeserializer, IObjectDeserializer
{
    public static readonly ContentType Json = new("application/json");

    public ContentType ContentType => Json;

    public IMessageSerializer CreateSerializer() => this;

    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class
    {
        context.Headers.Set(MessageHeaders.MessageType, MessageUrn.ForTypeString<T>());
        var output = JsonOutput.Rent();
        if (context.Message is CallEvent e)
            CallEventCodec.WriteData(output, e);
        else
            JsonOutput.Write(output, context.Message, BusMessageTypes.JsonOf(typeof(T)));
        if (check is not null && context.Message is HandoffRequested)
            context.Headers.Set(HandoffCheck.Header, check.Sign(output.WrittenSpan));
        return new BytesMessageBody(output.WrittenSpan.ToArray());
    }

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        var types = headers.Get<string>(MessageHeaders.MessageType)?.Split(';') ?? [];
        return new EventMessageContext(this, new RawMessageContext(headers, destinationAddress, RawSerializerOptions.Default), types, body);
    }

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("eventcalls-json");

    // Only headers come through here.
    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : class => SystemTextJsonMessageSerializer.Instance.DeserializeObject(value, defaultValue);

    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : struct => SystemTextJsonMessageSerializer.Instance.DeserializeObject(value, defaultValue);

    public MessageBody SerializeObject(object? value) => SystemTextJsonMessageSerializer.Instance.SerializeObject(value);
}
