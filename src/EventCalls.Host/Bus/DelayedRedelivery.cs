using System.Globalization;
using MassTransit;

namespace EventCalls.Host.Bus;

/// <summary>Sends a message whose retries all failed round again later, some times; then lets it go to the error queue.</summary>
/// <remarks>
/// MassTransit's own delayed redelivery needs a broker plug-in. Here a message waits in a queue of its own whose time to live
/// leads back to the exchange it came from, which every RabbitMQ can do.
/// </remarks>
internal sealed class DelayedRedelivery(BusEndpoint endpoint, BusOptions options) : IFilter<ConsumeContext>
{
    private const string CountHeader = "EC-Redelivery";

    // In memory a message can be sent with a delay.
    private readonly TimeSpan? _delay = options.RabbitMq is null ? TimeSpan.FromSeconds(options.RedeliverySeconds) : null;

    private readonly Forwarder[] _forwarders =
        [.. endpoint.MessageTypes.Select(t => (Forwarder)Activator.CreateInstance(typeof(Forwarder<>).MakeGenericType(t))!)];

    private readonly Uri _delayed = new(options.RabbitMq is null ? $"queue:{endpoint.Queue}" : $"exchange:{BusQueues.Delay(endpoint.Queue)}");

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.CancellationToken.IsCancellationRequested)
        {
            int count = int.TryParse(context.Headers.Get<string>(CountHeader), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
            if (count >= options.Redeliveries || !await ForwardAsync(context, count + 1).ConfigureAwait(false))
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
            if (await forwarder.TryForwardAsync(context, _delayed, count, _delay).ConfigureAwait(false))
                return true;
        }
        return false;
    }

    private abstract class Forwarder
    {
        public abstract Task<bool> TryForwardAsync(ConsumeContext context, Uri address, int count, TimeSpan? delay);
    }

    private sealed class Forwarder<T> : Forwarder
        where T : class
    {
        public override async Task<bool> TryForwardAsync(ConsumeContext context, Uri address, int count, TimeSpan? delay)
        {
            if (!context.TryGetMessage<T>(out var typed))
                return false;
            var sender = await context.GetSendEndpoint(address).ConfigureAwait(false);
            await sender.Send(typed.Message, Pipe.Execute<SendContext<T>>(send =>
            {
                send.MessageId = context.MessageId;
                send.Delay = delay;
                send.Headers.Set(CountHeader, count.ToString(CultureInfo.InvariantCulture));
            }), context.CancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
