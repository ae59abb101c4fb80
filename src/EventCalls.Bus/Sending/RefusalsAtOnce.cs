using MassTransit;

namespace EventCalls.Bus.Sending;

/// <summary>Makes a send fail at once when the broker refuses the message.</summary>
/// <remarks>
/// MassTransit 8.5 takes a negative confirmation for a lost connection, and sends the message again inside the send, every few seconds for as long as the queue is full;
/// what an observer throws instead, it does not try again.
/// </remarks>
internal sealed class RefusalsAtOnce : ISendObserver, IPublishObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Refuse(context.DestinationAddress, exception);

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Refuse(context.DestinationAddress, exception);

    private static Task Refuse(Uri? address, Exception why) =>
        RefusedMessages.IsRefusal(why) ? Task.FromException(new MessageNotAcknowledgedException(address, "not acknowledged by RabbitMQ")) : Task.CompletedTask;
}
