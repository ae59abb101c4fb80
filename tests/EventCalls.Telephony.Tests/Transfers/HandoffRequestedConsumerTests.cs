using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Transfers;

public sealed class HandoffRequestedConsumerTests : IAsyncLifetime
{
    private readonly FakeJournal _journal = new();
    private readonly LoopbackTrunk _trunk;
    private readonly IngressService _service;

    public HandoffRequestedConsumerTests()
    {
        _trunk = new LoopbackTrunk(_journal);
        _service = new IngressService(
            new TelephonyOptions { Node = "edge-1", Listen = ["udp:127.0.0.1:0"], Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.1"] }], DeadlineMs = 600_000 },
            _journal,
            new FakeMessages(),
            TimeProvider.System,
            NullLogger<IngressService>.Instance);
    }

    [Fact]
    public async Task A_handoff_is_given_to_its_call()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        await new HandoffRequestedConsumer(_service).Consume(MessageContextProxy.Of(LoopbackTrunk.Reject(started, 404)));
        Assert.StartsWith("SIP/2.0 404", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handoff_that_is_delivered_again_does_nothing_more()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        // It waits for the ACK of the answer, so the call goes on meanwhile.
        var handoff = LoopbackTrunk.Reject(started, 1);
        var consumer = new HandoffRequestedConsumer(_service);
        await consumer.Consume(MessageContextProxy.Of(handoff with { Steps = [new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:a@b" }] }));
        await consumer.Consume(MessageContextProxy.Of(handoff));
        await consumer.Consume(MessageContextProxy.Of(handoff));
        await _service.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Single(_journal.Events.OfType<TransferStarted>());
        await consumer.Consume(MessageContextProxy.Of(handoff));
        Assert.Single(_journal.Events.OfType<CallEnded>());
    }

    [Fact]
    public async Task A_handoff_that_its_node_has_acted_on_already_is_not_taken_again()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        var consumer = new HandoffRequestedConsumer(_service);
        await consumer.Consume(MessageContextProxy.Of(LoopbackTrunk.Reject(started, 404), ActedOn.Header));
        // The one that follows it is the first that its call gets.
        await consumer.Consume(MessageContextProxy.Of(LoopbackTrunk.Reject(started, 486)));
        Assert.StartsWith("SIP/2.0 486", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handoff_for_a_call_that_is_not_here_is_done_with()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        await new HandoffRequestedConsumer(_service).Consume(MessageContextProxy.Of(LoopbackTrunk.Reject(started with { CallId = Guid.CreateVersion7() }, 404)));
        await _service.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.DoesNotContain(_journal.Events, e => e is TransferStarted or TransferFailed);
    }

    [Fact]
    public async Task A_node_that_has_stopped_does_not_take_the_message()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        await _service.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => new HandoffRequestedConsumer(_service).Consume(MessageContextProxy.Of(LoopbackTrunk.Reject(started, 404))));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _trunk.Dispose();
    }
}
