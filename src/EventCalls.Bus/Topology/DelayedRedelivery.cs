using System.Globalization;
using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Bus.Topology;

/// <summary>Sends a message whose retries all failed round again later, some times; then lets it go to the error queue.</summary>
/// <remarks>
/// MassTransit's own delayed redelivery needs a broker plug-in. Here a message waits in a queue of its own until its time to live is
/// over, which leads it back to the exchange it came from, as every RabbitMQ can.
/// What would come back when it is of no use any more goes to the error queue at once.
/// </remarks>
internal sealed class DelayedRedelivery(BusEndpoint endpoint, BusOptions options) : IFilter<ConsumeContext>
{
    private readonly TimeSpan _wait = TimeSpan.FromSeconds(options.RedeliverySeconds);
    private readonly bool _inMemory = options.RabbitMq is null;

    private readonly Forwarder[] _forwarders =
        [.. endpoint.MessageTypes.Select(t => (Forwarder)Activator.CreateInstance(typeof(Forwarder<>).MakeGenericType(t))!)];

    private readonly Uri _delayed = new(options.RabbitMq is null ? $"queue:{endpoint.Queue}" : $"exchange:{BusQueues.Redelivery(endpoint.Queue)}");

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.CancellationToken.IsCancellationRequested)
        {
            int count = int.TryParse(context.Headers.Get<string>(Redelivered.Header), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
            if (count >= options.Redeliveries || endpoint.Life <= _wait || !await ForwardAsync(context, count + 1).ConfigureAwait(false))
                throw;
            LogContext.Warning?.Log(e, "A message of {Queue} failed and will be delivered again in {Seconds} s ({Count} of {Redeliveries})",
                endpoint.Queue, options.RedeliverySeconds, count + 1, options.Redeliveries);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("delayedRedelivery");

    private async Task<bool> ForwardAsync(ConsumeContext context, int count)
    {
        foreach (var forwarder in _forwarders)
        {
            if (await forwarder.TryForwardAsync(context, _delayed, count, _wait, _inMemory).ConfigureAwait(false))
                return true;
        }
        return false;
    }

    private abstract class Forwarder
    {
        public abstract Task<bool> TryForwardAsync(ConsumeContext context, Uri address, int count, TimeSpan wait, bool inMemory);
    }

    private sealed class Forwarder<T> : Forwarder
        where T : class
    {
        public override async Task<bool> TryForwardAsync(ConsumeContext context, Uri address, int count, TimeSpan wait, bool inMemory)
        {
            if (!context.TryGetMessage<T>(out var typed))
                return false;
            var sender = await context.GetSendEndpoint(address).ConfigureAwait(false);
            await sender.Send(typed.Message, Pipe.Execute<SendContext<T>>(send =>
            {
                send.MessageId = context.MessageId;
                // In memory a message can be sent with a delay.
                if (inMemory)
                    send.Delay = wait;
                else
                    send.TimeToLive = wait;
                send.Headers.Set(Redelivered.Header, count.ToString(CultureInfo.InvariantCulture));
            }), context.CancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
