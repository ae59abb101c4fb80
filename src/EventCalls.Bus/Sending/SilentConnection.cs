using EventCalls.Bus.Topology;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace EventCalls.Bus.Sending;

/// <summary>Looks, when nothing that the bus sends is confirmed, whether a connection of its own gets a confirmation; if so, the bus is given a new one.</summary>
internal sealed partial class SilentConnection(BusOptions options, ILogger logger)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>What the bus's connections go over.</summary>
    public BrokerSockets Sockets { get; } = new();

    /// <summary>Looks once.</summary>
    public async Task LookAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(s_limit);
            await using var connection = await BrokerConnection.OpenAsync(options, limit.Token, "eventcalls looks").ConfigureAwait(false);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), limit.Token).ConfigureAwait(false);
            await channel.ExchangeDeclareAsync(BrokerConnection.ProbeExchange, ExchangeType.Fanout, durable: true, cancellationToken: limit.Token).ConfigureAwait(false);
            await channel.BasicPublishAsync(BrokerConnection.ProbeExchange, "", mandatory: false, body: ReadOnlyMemory<byte>.Empty, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is the broker: that is waited for.
            return;
        }
        LogSilent(options.Description);
        Sockets.Cut();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Broker} confirms what comes over another connection, and nothing that the bus sends: the bus's connection is ended and made anew")]
    private partial void LogSilent(string broker);
}
