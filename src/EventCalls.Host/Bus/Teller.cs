using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Host.Bus;

/// <summary>Publishes the events of one type.</summary>
internal abstract class Teller
{
    /// <summary>Publishes the event; completes when the bus has confirmed.</summary>
    public abstract Task TellAsync(CallEvent e, CancellationToken cancellationToken);

    /// <summary>The one for a type; the publish end point is looked up once.</summary>
    public static Task<Teller> CreateAsync(IBus bus, Type type, TimeSpan? life) =>
        (Task<Teller>)typeof(Teller).GetMethod(nameof(CreateTypedAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [bus, life])!;

    /// <summary>One that hands over in this process, and publishes what is not taken there.</summary>
    public static Teller Of(DirectDelivery direct, Teller overBus) => new Direct(direct, overBus);

    private static async Task<Teller> CreateTypedAsync<T>(IBus bus, TimeSpan? life)
        where T : CallEvent => new Typed<T>(await bus.GetPublishSendEndpoint<T>().ConfigureAwait(false), life);

    private sealed class Typed<T>(ISendEndpoint endpoint, TimeSpan? life) : Teller
        where T : CallEvent
    {
        private readonly IPipe<SendContext<T>> _pipe = Pipe.Execute<SendContext<T>>(send =>
        {
            send.MessageId = send.Message.EventId;
            send.TimeToLive = life;
        });

        public override Task TellAsync(CallEvent e, CancellationToken cancellationToken) => endpoint.Send((T)e, _pipe, cancellationToken);
    }

    private sealed class Direct(DirectDelivery direct, Teller overBus) : Teller
    {
        private readonly Func<CallEvent, CancellationToken, Task> _overBus = overBus.TellAsync;

        public override Task TellAsync(CallEvent e, CancellationToken cancellationToken) =>
            direct.TryDeliver(e, _overBus) ? Task.CompletedTask : overBus.TellAsync(e, cancellationToken);
    }
}
