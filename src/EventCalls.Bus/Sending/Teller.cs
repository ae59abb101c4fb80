using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Bus.Sending;

/// <summary>Publishes the events of one type.</summary>
internal abstract class Teller
{
    /// <summary>Whether telling reaches anybody, as far as was seen a moment ago.</summary>
    public abstract bool IsHeard(bool isActedOn);

    /// <summary>Publishes the event; completes when the bus has confirmed.</summary>
    /// <param name="e">The event.</param>
    /// <param name="isActedOn">Whether its node has acted on it already (<see cref="ActedOn"/>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageReturnedException">Somebody must act on it, and no queue takes it.</exception>
    public abstract Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken);

    /// <summary>The one for a type; the publish end point is looked up once.</summary>
    public static Task<Teller> CreateAsync(IBus bus, Type type, TimeSpan? life, bool overBroker) =>
        (Task<Teller>)typeof(Teller).GetMethod(nameof(CreateTypedAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [bus, life, overBroker])!;

    private static async Task<Teller> CreateTypedAsync<T>(IBus bus, TimeSpan? life, bool overBroker)
        where T : CallEvent => new Typed<T>(await bus.GetPublishSendEndpoint<T>().ConfigureAwait(false), life, overBroker);

    private sealed class Typed<T> : Teller
        where T : CallEvent
    {
        // What a role of ours acts on must be taken by its queue. The rest is for who wants to know.
        private static readonly bool s_isQuestion = typeof(T) == typeof(CallStarted) || typeof(T) == typeof(HandoffRequested);

        private readonly ISendEndpoint _endpoint;
        private readonly bool _overBroker;
        private readonly Audience _audience = new(TimeProvider.System);
        private readonly IPipe<SendContext<T>> _pipe;
        private readonly IPipe<SendContext<T>> _actedOn;

        public Typed(ISendEndpoint endpoint, TimeSpan? life, bool overBroker)
        {
            (_endpoint, _overBroker) = (endpoint, overBroker);
            _pipe = Pipe.Execute<SendContext<T>>(send =>
            {
                send.MessageId = send.Message.EventId;
                send.TimeToLive = life;
                BusKeys.Set(send, isActedOn: false);
            });
            // It may wait for who wants to know, whatever its life is.
            _actedOn = Pipe.Execute<SendContext<T>>(send =>
            {
                send.MessageId = send.Message.EventId;
                send.Headers.Set(ActedOn.Header, "1");
                BusKeys.Set(send, isActedOn: true);
            });
        }

        // In memory whoever takes it is known; what is acted on nobody else takes.
        public override bool IsHeard(bool isActedOn) => _overBroker ? IsQuestion(isActedOn) || !_audience.IsSilent : !isActedOn;

        public override Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken)
        {
            var pipe = isActedOn ? _actedOn : _pipe;
            return !_overBroker || IsQuestion(isActedOn)
                ? _endpoint.Send((T)e, pipe, cancellationToken)
                : _audience.SendAsync(token => IsTakenAsync((T)e, pipe, token), cancellationToken);
        }

        private static bool IsQuestion(bool isActedOn) => s_isQuestion && !isActedOn;

        private async Task<bool> IsTakenAsync(T e, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        {
            try
            {
                await _endpoint.Send(e, pipe, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (MessageReturnedException)
            {
                return false;
            }
        }
    }
}
