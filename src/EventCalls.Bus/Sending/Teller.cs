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
    /// <param name="bus">The bus.</param>
    /// <param name="type">The type.</param>
    /// <param name="life">How long such a message is of use; null: for ever.</param>
    /// <param name="refusals">Who is told that somebody's queue refuses; null where there is no broker.</param>
    public static Task<Teller> CreateAsync(IBus bus, Type type, TimeSpan? life, RefusedMessages? refusals) =>
        (Task<Teller>)typeof(Teller).GetMethod(nameof(CreateTypedAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [bus, life, refusals])!;

    private static async Task<Teller> CreateTypedAsync<T>(IBus bus, TimeSpan? life, RefusedMessages? refusals)
        where T : CallEvent => new Typed<T>(await bus.GetPublishSendEndpoint<T>().ConfigureAwait(false), life, refusals);

    private sealed class Typed<T> : Teller
        where T : CallEvent
    {
        // What a role of ours acts on must be taken by its queue. The rest is for who wants to know.
        private static readonly bool s_isQuestion = typeof(T) == typeof(CallStarted) || typeof(T) == typeof(HandoffRequested);

        private const int MostTries = 3;
        private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

        private readonly ISendEndpoint _endpoint;
        private readonly RefusedMessages? _refusals;
        private readonly Audience _audience = new(TimeProvider.System);
        private readonly IPipe<SendContext<T>> _pipe;
        private readonly IPipe<SendContext<T>> _actedOn;

        public Typed(ISendEndpoint endpoint, TimeSpan? life, RefusedMessages? refusals)
        {
            (_endpoint, _refusals) = (endpoint, refusals);
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
        public override bool IsHeard(bool isActedOn) => _refusals is not null ? IsQuestion(isActedOn) || !_audience.IsSilent : !isActedOn;

        public override Task TellAsync(CallEvent e, bool isActedOn, CancellationToken cancellationToken)
        {
            var pipe = isActedOn ? _actedOn : _pipe;
            return _refusals is null ? _endpoint.Send((T)e, pipe, cancellationToken)
                : IsQuestion(isActedOn) ? AskAsync(_refusals, (T)e, pipe, cancellationToken)
                : _audience.SendAsync(token => IsTakenAsync(_refusals, (T)e, pipe, token), cancellationToken);
        }

        private static bool IsQuestion(bool isActedOn) => s_isQuestion && !isActedOn;

        // The broker says only that one of the queues refused it, and not which: most likely that of somebody who only wants to know. Ours take everything, so it is
        // there, and a call that is not decided asks again. Somebody else's full queue must not stop calls.
        private async Task AskAsync(RefusedMessages refusals, T e, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        {
            for (int tries = 1; ; tries++)
            {
                try
                {
                    await _endpoint.Send(e, pipe, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (Exception why) when (RefusedMessages.IsRefusal(why))
                {
                    refusals.Tell(typeof(T), why.Message);
                    if (tries == MostTries)
                        return;
                    await Task.Delay(s_pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        private async Task<bool> IsTakenAsync(RefusedMessages refusals, T e, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
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
            catch (Exception why) when (RefusedMessages.IsRefusal(why))
            {
                // Its owner wants no more than fits: it has what the others got.
                refusals.Tell(typeof(T), why.Message);
                return true;
            }
        }
    }
}
