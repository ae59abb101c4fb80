using System.Text;
using EventCalls.Bus.Queues;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace EventCalls.Bus.Tests.Queues;

/// <summary>What waits in a real broker, and what is done with what failed.</summary>
public sealed class BrokerQueuesTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private const string Failed = BusQueues.Recorder + "_error";

    private readonly BrokerQueues _queues = new(new BusOptions { RabbitMq = broker.Address }, NullLogger.Instance);

    public Task InitializeAsync() => broker.CleanAsync(BusQueues.Recorder, BusQueues.Heartbeats, BusQueues.Router, BusQueues.Node("edge-1"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_waits_is_counted_in_the_queues_that_are_there()
    {
        await FillAsync(BusQueues.Node("edge-1"), 2);
        await FillAsync(Failed, 3);
        await FillAsync("somebody-elses_error", 1);
        Assert.Equal(
            [new QueueDepth("eventcalls-recorder_error", QueueKind.Failed, 3, 0), new QueueDepth("eventcalls-node-edge-1", QueueKind.Work, 2, 0)],
            await _queues.ListAsync(["edge-1", "edge-2"], default));
    }

    [Fact]
    public async Task Looking_at_dead_letters_as_often_as_one_likes_loses_none()
    {
        await FillAsync(Failed, 3);
        for (int i = 0; i < 16; i++)
            Assert.Equal(2, (await _queues.LookAsync(Failed, 2, default))!.Count);
        var all = (await _queues.LookAsync(Failed, 10, default))!;
        Assert.Equal(["m0", "m1", "m2"], all.Select(m => m.Id).Order());
        Assert.All(all, m => Assert.Equal(("urn:message:X", "it broke", 5000L, 4096), (m.Type, m.Reason, m.Bytes, m.Text.Length)));
        Assert.Equal(3u, await broker.CountAsync(Failed));
    }

    [Fact]
    public async Task A_dead_letter_goes_back_as_it_came_and_the_others_stay()
    {
        await FillAsync(BusQueues.Recorder, 0);
        await FillAsync(Failed, 3);
        Assert.Equal(1, await _queues.ClearAsync(Failed, "m1", DeadMessageAct.PutBack, "anna", default));
        Assert.Equal(0, await _queues.ClearAsync(Failed, "m7", DeadMessageAct.PutBack, "anna", default));
        Assert.Equal(2u, await broker.CountAsync(Failed));
        await using var connection = await BrokerConnection.OpenAsync(new BusOptions { RabbitMq = broker.Address }, default);
        await using var channel = await connection.CreateChannelAsync();
        var back = (await channel.BasicGetAsync(BusQueues.Recorder, autoAck: true))!;
        Assert.Equal(("m1", 5000), (back.BasicProperties.MessageId, back.Body.Length));
        Assert.Equal(["EC-Check", "MT-MessageType"], back.BasicProperties.Headers!.Keys.Where(k => !k.StartsWith("x-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(2, await _queues.ClearAsync(Failed, null, DeadMessageAct.PutBack, "anna", default));
        Assert.Equal((0u, 2u), (await broker.CountAsync(Failed), await broker.CountAsync(BusQueues.Recorder)));
    }

    [Fact]
    public async Task What_has_no_queue_to_go_back_to_stays()
    {
        await FillAsync(Failed, 2);
        await Assert.ThrowsAsync<BusQueuesAwayException>(() => _queues.ClearAsync(Failed, null, DeadMessageAct.PutBack, "anna", default));
        for (int i = 0; await broker.CountAsync(Failed) < 2 && i < 600; i++)
            await Task.Delay(50);
        Assert.Equal(2u, await broker.CountAsync(Failed));
    }

    [Fact]
    public async Task What_is_discarded_is_gone_and_only_dead_letters_can_be()
    {
        await FillAsync(BusQueues.Recorder, 2);
        await FillAsync(Failed, 2);
        Assert.Equal(2, await _queues.ClearAsync(Failed, null, DeadMessageAct.Discard, "anna", default));
        foreach (string other in (string[])[BusQueues.Recorder, "somebody-elses_error", "eventcalls-none_error"])
        {
            Assert.Null(await _queues.ClearAsync(other, null, DeadMessageAct.Discard, "anna", default));
            Assert.Null(await _queues.LookAsync(other, 1, default));
        }
        Assert.Equal((0u, 2u), (await broker.CountAsync(Failed), await broker.CountAsync(BusQueues.Recorder)));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_said()
    {
        var nowhere = new BrokerQueues(new BusOptions { RabbitMq = new Uri("amqp://guest:secret@127.0.0.1:1") }, NullLogger.Instance);
        var away = await Assert.ThrowsAsync<BusQueuesAwayException>(() => nowhere.ListAsync([], default));
        Assert.DoesNotContain("secret", away.Message, StringComparison.Ordinal);
    }

    private async Task FillAsync(string queue, int messages)
    {
        await using var connection = await BrokerConnection.OpenAsync(new BusOptions { RabbitMq = broker.Address }, default);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        for (int i = 0; i < messages; i++)
        {
            var properties = new BasicProperties
            {
                MessageId = $"m{i}",
                Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:X", ["MT-Fault-Message"] = "it broke", ["EC-Check"] = "signed" },
            };
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(new string('x', 5000)));
        }
    }
}
