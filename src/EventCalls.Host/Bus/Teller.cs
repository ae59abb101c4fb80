using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Host.Bus;

/// <summary>Publishes the events of one type.</summary>
internal abstract class Teller
{
    /// <summary>Publishes the event; completes when the bus has confirmed.</summary>
    /// <param name="e">The event.</param>
    /// <param name="isActedOn">Whether its node has acted on it already (<see cref="ActedOn"/>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken);

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

        // Such a message is for who only wants to know: it may wait for that, whatever its life is.
        private readonly IPipe<SendContext<T>> _latePipe = Pipe.Execute<SendContext<T>>(send =>
        {
            send.MessageId = send.Message.EventId;
            send.Headers.Set(ActedOn.Header, "1");
        });

        public override Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken) =>
            endpoint.Send((T)e, isActedOn ? _latePipe : _pipe, cancellationToken);
    }

    private sealed class Direct(DirectDelivery direct, Teller overBus) : Teller
    {
        private readonly Func<CallEvent, CancellationToken, Task> _overBus = (e, token) => overBus.TellAsync(e, isActedOn: false, token);

        public override Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken) =>
            !isActedOn && direct.TryDeliver(e, _overBus) ? Task.CompletedTask : overBus.TellAsync(e, isActedOn, cancellationToken);
    }
}
