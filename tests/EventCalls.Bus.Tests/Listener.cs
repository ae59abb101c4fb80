using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using RabbitMQ.Client;

namespace EventCalls.Bus.Tests;

/// <summary>Another application that wants to know of calls: it binds a queue of its own to our messages, without our packages.</summary>
/// <param name="connection">Its connection.</param>
/// <param name="full">Whether its queue refuses what is more than three messages.</param>
internal sealed class Listener(IConnection connection, bool full) : IAsyncDisposable
{
    private IChannel? _channel;
    private string _queue = "";

    /// <summary>Makes its queue, and binds it to all messages of these types.</summary>
    public async Task BindAsync(params Type[] types)
    {
        _channel = await connection.CreateChannelAsync();
        _queue = (await _channel.QueueDeclareAsync(arguments: full ? new Dictionary<string, object?> { ["x-max-length"] = 3, ["x-overflow"] = "reject-publish" } : null)).QueueName;
        foreach (var type in types)
        {
            string exchange = RabbitMqDeclaration.MessageExchange(type);
            await _channel.ExchangeDeclareAsync(
                exchange, type == typeof(CallStarted) || type == typeof(HandoffRequested) ? ExchangeType.Topic : ExchangeType.Fanout, durable: true);
            await _channel.QueueBindAsync(_queue, exchange, BusKeys.All);
        }
    }

    /// <summary>Takes so many messages: the names of their events, and whether their node has acted on them.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(int count)
    {
        var read = new List<string>();
        for (int tries = 0; read.Count < count && tries < 600; tries++)
        {
            if (await _channel!.BasicGetAsync(_queue, autoAck: true) is not { } message)
            {
                await Task.Delay(20);
                continue;
            }
            string name = CallEventNames.All.Single(e => RabbitMqDeclaration.MessageExchange(e.Type) == message.Exchange).Name;
            read.Add(message.BasicProperties.Headers?.ContainsKey(ActedOn.Header) == true ? name + " acted on" : name);
        }
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
