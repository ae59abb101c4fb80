using EventCalls.Contracts;
using EventCalls.Routing.Consumers;
using EventCalls.Routing.Lookups;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Consumers;

public sealed class ConsumerTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Journal _journal = new();
    private Router _router = null!;
    private ServiceProvider _services = null!;
    private ITestHarness _harness = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("support.cs", Logics.Sample);
        _router = new Router(
            new RouterOptions { LogicPath = _folder.Path, HotReload = false, TimeLimit = TimeSpan.FromSeconds(5) },
            _journal,
            new VersionSink(),
            LookupTables.None,
            TimeProvider.System,
            NullLogger<Router>.Instance);
        await _router.StartAsync(default);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(_router)
            .AddMassTransitTestHarness(x =>
            {
                x.AddConsumer<CallStartedConsumer>();
                x.AddConsumer<RerouteCallConsumer>();
            })
            .BuildServiceProvider(validateScopes: true);
        _harness = _services.GetRequiredService<ITestHarness>();
        await _harness.Start();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _router.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_call_is_decided()
    {
        await _harness.Bus.Publish(Calls.Started());

        await _journal.AppendedAsync(1);
        Assert.Equal("vip_support", ((FlowSelected)_journal.Appends.Single()[0]).Flow);
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 0)]
    [InlineData(true, false, 0)]
    public async Task A_new_call_is_not_decided_after_its_deadline(bool sharesClock, bool redelivered, int decided)
    {
        await using var router = new Router(
            new RouterOptions { LogicPath = _folder.Path, HotReload = false, TimeLimit = TimeSpan.FromSeconds(5), Life = TimeSpan.FromSeconds(2), SharesClock = sharesClock },
            _journal, new VersionSink(), LookupTables.None, TimeProvider.System, NullLogger<Router>.Instance);
        await router.StartAsync(default);
        using var harness = new InMemoryTestHarness();
        harness.OnConfigureInMemoryReceiveEndpoint += e =>
        {
            e.Instance(new CallStartedConsumer(router));
            e.Instance(new RerouteCallConsumer(router));
        };
        await harness.Start();
        var reroute = Calls.Reroute(TransferOutcome.Busy);
        var old = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(3);

        await harness.InputQueueSendEndpoint.Send(Calls.Started() with { OccurredAt = old }, Header(redelivered));
        await harness.InputQueueSendEndpoint.Send(reroute with { Failed = reroute.Failed! with { OccurredAt = old } }, Header(redelivered));
        await harness.InputQueueSendEndpoint.Send(Calls.Started() with { OccurredAt = TimeProvider.System.GetUtcNow().AddMinutes(1) }, Header(redelivered));

        await _journal.AppendedAsync(1 + 2 * decided);
        Assert.True(await harness.Consumed.Any<RerouteCall>());
        Assert.Equal(1 + 2 * decided, _journal.Appends.Count);
        await harness.Stop();
    }

    [Fact]
    public async Task A_new_call_delivered_twice_makes_the_same_ids()
    {
        await _harness.Bus.Publish(Calls.Started());
        await _harness.Bus.Publish(Calls.Started());

        await _journal.AppendedAsync(2);
        Assert.Equal(_journal.Appends[0].Select(e => e.EventId), _journal.Appends[1].Select(e => e.EventId));
    }

    [Fact]
    public async Task A_new_call_whose_decision_cannot_be_recorded_faults()
    {
        _journal.Refusal = new InvalidOperationException("The bus refused.");

        await _harness.Bus.Publish(Calls.Started());

        Assert.True(await _harness.Published.Any<Fault<CallStarted>>());
        Assert.Empty(_journal.Appends);
    }

    [Fact]
    public async Task A_failed_transfer_is_decided()
    {
        await _harness.Bus.Publish(Calls.Reroute(TransferOutcome.Busy));

        await _journal.AppendedAsync(1);
        Assert.Equal(486, ((HandoffRequested)_journal.Appends.Single()[1]).Steps.Single().Status);
    }

    [Fact]
    public async Task A_failed_transfer_delivered_twice_makes_the_same_ids()
    {
        await _harness.Bus.Publish(Calls.Reroute(TransferOutcome.Busy));
        await _harness.Bus.Publish(Calls.Reroute(TransferOutcome.Busy));

        await _journal.AppendedAsync(2);
        Assert.Equal(_journal.Appends[0].Select(e => e.EventId), _journal.Appends[1].Select(e => e.EventId));
    }

    [Fact]
    public async Task A_failed_transfer_whose_decision_cannot_be_recorded_faults()
    {
        _journal.Refusal = new InvalidOperationException("The bus refused.");

        await _harness.Bus.Publish(Calls.Reroute(TransferOutcome.Busy));

        Assert.True(await _harness.Published.Any<Fault<RerouteCall>>());
        Assert.Empty(_journal.Appends);
    }

    private static IPipe<SendContext> Header(bool redelivered) => Pipe.Execute<SendContext>(send =>
    {
        if (redelivered)
            send.Headers.Set(Redelivered.Header, "1");
    });
}
