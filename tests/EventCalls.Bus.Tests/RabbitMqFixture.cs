using System.Globalization;
using EventCalls.Bus.Topology;
using EventCalls.Testing;
using RabbitMQ.Client;

namespace EventCalls.Bus.Tests;

/// <summary>One broker for the tests of a class; each test gets a virtual host of its own when it asks for one by name.</summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    private RabbitMqServer? _server;

    public RabbitMqServer Server => _server ?? throw new InvalidOperationException("not started");

    public Uri Address => new(Server.ConnectionString);

    public async Task InitializeAsync() => _server = await RabbitMqServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Drops the queues of the test before, so that nothing of it is delivered here.</summary>
    internal async Task CleanAsync(params string[] queues)
    {
        await using var connection = await BrokerConnection.OpenAsync(new BusOptions { RabbitMq = Address }, default);
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in queues.SelectMany(q => new[] { q, BusQueues.Redelivery(q), q + "_error", q + "_skipped" }))
        {
            await channel.QueueDeleteAsync(queue);
            await channel.ExchangeDeleteAsync(queue);
        }
    }

    /// <summary>How many messages a queue holds.</summary>
    internal async Task<uint> CountAsync(string queue)
    {
        await using var connection = await BrokerConnection.OpenAsync(new BusOptions { RabbitMq = Address }, default);
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"RabbitMQ {Address.Port}");
}
